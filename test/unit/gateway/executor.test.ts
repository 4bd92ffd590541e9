import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { compileOperation } from '#gateway/executor/operation.ts'
import { startServer, type Told } from './executor-graph.ts'

vi.mock('#gateway/executor/operation.ts', { spy: true })

type Server = Awaited<ReturnType<typeof startServer>>
let stock: Server
let ours: Server
beforeAll(async () => {
  stock = await startServer('stock')
  ours = await startServer('compiled')
})
afterAll(async () => {
  await stock.stop()
  await ours.stop()
})

const condition = 'query ($yes: Boolean!, $no: Boolean = false)'

const queries: readonly [name: string, query: string, ...variables: object[]][] = [
  ['scalars of one part', '{ things { id name } }'],
  ['two parts', '{ things { name price count } total }'],
  [
    'an argument by default, as a value and as a variable',
    'query ($n: Int = 2) { things(n: $n) { id } a: things(n: 1) { id } b: things { id } }',
    {},
    { n: 3 },
    { n: null },
  ],
  [
    'variables on the way to a second part',
    'query ($c: String) { things { price(currency: $c) } }',
    {},
    { c: 'GBP' },
    { c: null },
  ],
  [
    'lists and objects as variables',
    'query ($t: String, $n: [Int!], $f: Filter) { echo(text: $t, numbers: $n, filter: $f) }',
    {},
    { t: 'x', n: [1, 2], f: { name: 'n', colour: 'GREEN' } },
    { n: 3, f: {} },
  ],
  [
    'variables that are none',
    'query ($n: [Int!], $c: Colour) { echo(numbers: $n) colour(c: $c) }',
    { n: [1] },
    { n: ['x'] },
    { c: 'BLUE' },
    { c: 'HIDDEN' },
  ],
  ['a variable that is missing', 'query ($id: ID!) { thing(id: $id) { name } }', {}, { id: 'a' }, { id: 'z' }],
  ['aliases', '{ x: things(n: 1) { n: name m: name price p2: price(currency: "USD") } y: things(n: 2) { id } }'],
  [
    'fields twice, with others below',
    '{ things(n: 2) { parent { id } parent { name } shelves { name } shelves { things { id } } } things(n: 2) { parent { price } } }',
  ],
  [
    '__typename everywhere',
    '{ __typename t: __typename things(n: 1) { __typename kind: __typename parent { __typename price } } mixed { __typename } }',
  ],
  [
    'an interface',
    '{ a: node(id: "a") { __typename id } x: node(id: "x") { id ... on Cell { row price } ... on Thing { name price } } }',
  ],
  [
    'a list of an interface, with nulls and promises',
    '{ nodes(ids: ["a", "-", "x", "b", "y"]) { __typename id ... on Thing { name } ... on Cell { row } } }',
  ],
  ['a union', '{ mixed { ... on Thing { name } ... on Cell { row thing { price } } } none { __typename } }'],
  ['interfaces as conditions', '{ mixed { ... on Node { id __typename } ... on Any { ... on Node { id } } } }'],
  [
    'fragments',
    'query { things(n: 2) { ...A ...B ...A } } fragment A on Thing { id ...B parent { ...B } } fragment B on Thing { name price }',
  ],
  ['fragments without a type', '{ ... { total } things(n: 1) { ... @include(if: true) { name } } }'],
  ['lists of lists', '{ grid { id row thing { name price } things { id price } } matrix }'],
  ['a list below a list of lists', '{ grid { things { shelves { things { id name } } } } }'],
  ['enumerations', '{ colour secret g: colour(c: GREEN) }'],
  ['a value of another scalar', '{ moment }'],
  ['nothing found', '{ never { name price parent { id } } thing(id: "z") { name count } }'],
  ['null where a value is promised, one part', '{ things { id length } }'],
  ['null where a value is promised, at the top', '{ surely(id: "z") { id } }'],
  ['null where a value is promised, by the second part', '{ things { id count } }'],
  ['null where a value is promised, in a list', '{ strange { value surely } matrix }'],
  ['null where an entity of the second part is promised to have a value', '{ things { id label } }'],
  ['promises broken below promises', '{ things { brother { brother { id } } } }'],
  [
    'records that hold promises and functions',
    '{ things(n: 2) { promised { moment colour flag part { name } parts { name } texts called } } }',
  ],
  ['a record that holds a promise of text', '{ things(n: 1) { promised { text } } }'],
  ['a record that holds a promise of any value', '{ things(n: 1) { promised { moment } } }'],
  ['a record that holds a promise of an object', '{ things(n: 1) { promised { part { name } } } }'],
  ['errors with a code', '{ fails total things { size } }'],
  ['errors without a code', '{ failsSurely }'],
  ['errors in what is required', '{ things { label } }'],
  ['errors of entities', '{ things { id price } }'],
  ['errors of entities deeper down', '{ things(n: 2) { shelves { things { price } } parent { price } } }'],
  ['errors later', '{ things { late } }'],
  ['what is thrown and no error', '{ odd total }'],
  ['a value of the wrong type', '{ things(n: 1) { wrong } strange { value } }'],
  [
    'conditions on fields',
    `${condition} { things(n: 1) { id @include(if: $yes) name @skip(if: $yes) size @include(if: $no) } }`,
    { yes: true },
    { yes: false },
    { yes: true, no: true },
  ],
  [
    'conditions on another part',
    `${condition} { things(n: 2) { id price @include(if: $yes) count @skip(if: $no) } total @include(if: $no) }`,
    { yes: true },
    { yes: false, no: true },
  ],
  [
    'conditions on fragments',
    `${condition} { things(n: 2) { ...P @include(if: $yes) ... on Thing @skip(if: $yes) { count } } } fragment P on Thing { price parent @skip(if: $no) { price } }`,
    { yes: true },
    { yes: false },
    { yes: true, no: true },
  ],
  [
    'conditions that are both there',
    `${condition} { total @include(if: $yes) @skip(if: $no) again { total @skip(if: true) } }`,
    { yes: true },
    { yes: true, no: true },
    { yes: false },
  ],
  [
    'conditions without a value',
    'query ($yes: Boolean!) { total @include(if: $yes) }',
    {},
    { yes: true },
    { yes: 'x' },
  ],
  ['a part that does not run', '{ gone things(n: 2) { name opinion } }'],
  ['a part that does not run and promises', '{ goneSurely }'],
  ['a part that does not run and promises an object', '{ things(n: 2) { name verdict { text } opinions { text } } }'],
  [
    'both parts at the top of a shared type',
    '{ again { total things(n: 1) { id } again { total thing(id: "b") { name price } } } }',
  ],
  [
    'a value type from two parts',
    '{ stocked { id name tags { key value } shelves { name next { name next { name } } } } }',
  ],
  [
    'changes in their order',
    'mutation { a: rename(id: "a", name: "x") { name price } b: rename(id: "b", name: "y") { name } }',
  ],
  ['changes that fail', 'mutation { fail { id } a: rename(id: "a", name: "x") { name } }'],
  ['strings that look like names', 'query ($t: String) { echo(text: $t) }', { t: '__proto__' }],
]

/** What Apollo executes itself. */
const notCompiled: readonly [name: string, query: string][] = [
  ['names of Object.prototype', '{ __proto__: things(n: 2) { __proto__: name constructor: price toString: id } }'],
  ['a field called like one of Object.prototype', '{ constructor total }'],
  ['another field called __typename', '{ things(n: 1) { __typename: name id } }'],
  ['introspection beside data', '{ total __type(name: "Thing") { name fields { name } } }'],
  [
    'a variable called representations',
    'query ($representations: String) { things(n: 1) { price(currency: $representations) } }',
  ],
]

describe('what is compiled answers as Apollo does', () => {
  it.each(queries)('%s', async (_, query, ...variables) => {
    vi.mocked(compileOperation).mockClear()
    for (const given of variables.length === 0 ? [{}] : variables) {
      const expected = await stock.ask(query, given)
      // By Apollo, compiled over graphql-js, compiled over graphql-jit.
      for (const time of ['first', 'second', 'third']) {
        expect(await ours.ask(query, given), `the ${time} time`).toEqual(expected)
      }
    }
    expect(vi.mocked(compileOperation).mock.results.map(({ type }) => type)).toEqual(['return'])
  })

  it.each(notCompiled)('or Apollo answers: %s', async (_, query) => {
    vi.mocked(compileOperation).mockClear()
    const expected = await stock.ask(query)
    for (const time of ['first', 'second', 'third']) {
      expect(await ours.ask(query), `the ${time} time`).toEqual(expected)
    }
    expect(vi.mocked(compileOperation).mock.results.map(({ type }) => type)).toEqual(['throw'])
  })

  it('but for the place of an error of one entity among others, which Apollo counts among those of its type, from the first time on', async () => {
    const query = '{ nodes(ids: ["x", "-", "a", "b"]) { ... on Thing { price } } }'
    const places = ({ errors }: Told) => errors.map((error) => 'path' in error && error.path)
    expect(places(await stock.ask(query))).toEqual([['nodes', 2, 'price']])
    for (const time of ['first', 'second']) {
      expect(places(await ours.ask(query)), time).toEqual([['nodes', 3, 'price']])
    }
  })
})

describe('an alias that is the name of another field, which a part of the graph needs', () => {
  it.each([
    ['as a key', '{ things(n: 2) { id: name price } }', 'things: "id" stands for name here'],
    [
      'as a key, each for the other',
      '{ things(n: 2) { name: id id: name size: price } }',
      'things: "id" stands for name',
    ],
    ['by @requires', '{ t: things(n: 2) { size: length label } }', 't: "size" stands for length here'],
    ['below a field', '{ things(n: 2) { parent { id: name } label } }', 'things.parent: "id" stands for name here'],
    [
      'in a fragment',
      '{ nodes(ids: ["a"]) { ...t } } fragment t on Thing { name: id label }',
      'nodes: "name" stands for id',
    ],
    ['where __typename is', '{ things(n: 1) { __typename: name price } }', 'things: "__typename" stands for name here'],
    [
      'where it may be left out',
      `${condition} { things(n: 1) { id: name @include(if: $no) price @skip(if: $yes) } }`,
      'things: "id"',
    ],
  ])('%s is refused, each time and before anything is fetched', async (_, query, words) => {
    for (const time of ['first', 'second', 'third']) {
      const { data, errors } = await ours.ask(query, { yes: false })
      expect(data, time).toBeUndefined()
      expect(errors, time).toEqual([
        { message: expect.stringContaining(words), path: undefined, extensions: { code: 'BAD_USER_INPUT' } },
      ])
    }
  })

  it.each([
    ['where nothing is needed', '{ things(n: 1) { id: name name: id } }', { id: 'thing a', name: 'a' }],
    [
      'of a thing of another type',
      '{ things: nodes(ids: ["a"]) { ... on Cell { name: row } ... on Thing { label } } }',
      {},
    ],
  ])('is taken %s', async (_, query, first) => {
    const { data, errors } = await ours.ask(query)
    expect(errors).toEqual([])
    expect(JSON.parse(data).things[0]).toMatchObject(first)
  })

  it("would be answered wrongly by Apollo's own planner: the id for the name, and a label of another size", async () => {
    const wrong = await stock.ask('{ things(n: 1) { id: name price } }')
    expect(JSON.parse(wrong.data).things[0]).toEqual({ id: 'a', price: 3.5 })
    const label = await stock.ask('{ things(n: 1) { size: length label } }')
    expect(JSON.parse(JSON.parse(label.data).things[0].label)[1]).toBe(1)
  })
})
