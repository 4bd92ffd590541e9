import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { execute, GraphQLError, type GraphQLSchema } from 'graphql'
import { pino } from 'pino'
import { dataSource, inProcess } from '#gateway/data-source.ts'
import { compiledGateway } from '#gateway/executor/gateway.ts'
import { compose } from '../../../schema/compose.ts'
import { parseSubgraph } from '../../../schema/subgraphs.ts'

const head =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@shareable", "@external", "@requires", "@inaccessible"])'

const parts = {
  shop: `${head}
    type Query {
      things(n: Int = 4): [Thing]
      thing(id: ID!): Thing
      surely(id: ID!): Thing!
      node(id: ID!): Node
      nodes(ids: [ID!]!): [Node]
      mixed: [Any]
      none: [Any!]
      grid: [[Cell]!]
      matrix: [[Int!]]
      colour(c: Colour = RED): Colour
      secret: Colour
      moment: Moment
      echo(text: String, numbers: [Int!], filter: Filter): String
      fails: String
      failsSurely: String!
      odd: String
      strange: Strange
      again: Query @shareable
      never: Thing
      constructor: String
    }
    type Mutation { rename(id: ID!, name: String!): Thing fail: Thing }
    input Filter { name: String, colour: Colour }
    scalar Moment
    enum Colour { RED GREEN HIDDEN @inaccessible }
    interface Node { id: ID! }
    union Any = Thing | Cell
    type Strange { value: Int surely: Int! }
    type Thing implements Node @key(fields: "id") {
      promised: Promised
      id: ID! name: String size: Int length: Int! tags: [Tag!]! parent: Thing late: Int parts: [Part] brother: Thing!
    }
    type Promised { text: String moment: Moment colour: Colour flag: Boolean part: Part parts: [Part] texts: [String] called: Int }
    type Part { name: String thing: Thing }
    type Tag @shareable { key: String! value: String }
    type Cell implements Node @key(fields: "id") { id: ID! row: Int thing: Thing things: [[Thing]] }
  `,
  stock: `${head}
    type Query { stocked: [Thing] again: Query @shareable total: Int }
    type Thing @key(fields: "id") {
      id: ID! name: String @external size: Int @external parent: Thing @external tags: [Tag!]! @external
      price(currency: String = "EUR"): Float count: Int! label: String! @requires(fields: "name size parent { id } tags { key }")
      shelves: [Shelf!] wrong: Int
    }
    type Cell @key(fields: "id") { id: ID! price: Float }
    type Tag @shareable { key: String! value: String }
    type Shelf { name: String! things: [Thing!] next: Shelf }
  `,
  absent: `${head}
    type Query { gone: Int goneSurely: Int! }
    type Thing @key(fields: "id") { id: ID! opinion: String opinions: [Opinion!] verdict: Opinion! }
    type Opinion { text: String! }
  `,
}

const ids = ['a', 'b', 'c', 'd']
const thing = (id: string) => ({ __typename: 'Thing', id })
const cell = (id: string) => ({ __typename: 'Cell', id })
const later = async <T>(value: T): Promise<T> => value
const refuse = (message: string, code?: string): never => {
  throw new GraphQLError(message, code === undefined ? {} : { extensions: { code, reason: 'DOWN' } })
}
type Id = { id: string }

/** Answers of every kind: at once and later, null where a value is promised, errors with and without a code, of no class. */
const resolvers = {
  shop: {
    Query: {
      things: (_: unknown, { n }: { n: number }) => [...ids.slice(0, n).map(thing), null],
      thing: (_: unknown, { id }: Id) => (ids.includes(id) ? later(thing(id)) : null),
      surely: (_: unknown, { id }: Id) => (ids.includes(id) ? thing(id) : null),
      node: (_: unknown, { id }: Id) => (ids.includes(id) ? thing(id) : cell(id)),
      nodes: (_: unknown, { ids: wanted }: { ids: string[] }) =>
        wanted.map((id) => (id === '-' ? null : ids.includes(id) ? thing(id) : later(cell(id)))),
      mixed: () => [thing('a'), cell('x'), null, thing('b'), cell('y')],
      none: () => [],
      grid: () => [[cell('x'), null], [], [cell('y')]],
      matrix: () => [[1, 2], null, [3, null], []],
      colour: (_: unknown, { c }: { c: string }) => c,
      secret: () => 'HIDDEN',
      moment: () => ({ at: [1, 'two', { three: 3 }] }),
      echo: (_: unknown, args: object) => JSON.stringify(args),
      fails: () => refuse('no luck', 'UPSTREAM_UNAVAILABLE'),
      failsSurely: () => later(0).then(() => refuse('no luck at all')),
      odd: () => {
        throw 'a text'
      },
      strange: () => ({ value: 'not a number', surely: later(null) }),
      again: () => ({}),
      never: () => null,
      constructor: () => 'made',
    },
    Mutation: {
      rename: (_: unknown, { id, name }: { id: string; name: string }) => ({ ...thing(id), name }),
      fail: () => refuse('may not', 'FORBIDDEN'),
    },
    Thing: {
      __resolveReference: ({ id }: Id) => thing(id),
      name: ({ id, name }: Id & { name?: string }) => name ?? (id === 'c' ? null : later(`thing ${id}`)),
      size: ({ id }: Id) => (id === 'b' ? refuse('not measured', 'UPSTREAM_TIMEOUT') : id.charCodeAt(0)),
      length: ({ id }: Id) => (id === 'd' ? null : 1),
      tags: ({ id }: Id) => (id === 'a' ? [] : [{ key: id }, { key: 'k', value: later('v') }]),
      parent: ({ id }: Id) => (id === 'a' ? null : thing('a')),
      late: ({ id }: Id) => (id === 'c' ? Promise.reject(new Error('internal words')) : later(1)),
      promised: () => ({
        ...{ text: later('t'), moment: later({ at: 1 }), colour: later('RED'), flag: later(true) },
        ...{ part: later({ name: 'p' }), parts: later([later({ name: later('q') })]), texts: [later('x'), 'y'] },
        called: () => later(3),
      }),
      parts: ({ id }: Id) => [{ name: `part of ${id}`, thing: thing('d') }, null, { name: null, thing: null }],
      brother: ({ id }: Id) => (id === 'b' ? refuse('no brother') : thing('b')),
    },
    Cell: {
      row: ({ id }: Id) => id.length,
      thing: () => thing('a'),
      things: () => [[thing('a'), null], null, [thing('b')]],
    },
  },
  stock: {
    Query: { stocked: () => ids.map(thing), again: () => ({}), total: () => 7 },
    Thing: {
      __resolveReference: (reference: Id) => (reference.id === 'c' ? null : later(reference)),
      price: ({ id }: Id, { currency }: { currency: string }) =>
        id === 'b' ? refuse(`no price in ${currency}`, 'NO_PRICE') : later(currency.length + 0.5),
      count: ({ id }: Id) => (id === 'd' ? null : 3),
      label: ({ name, size, parent, tags }: Record<string, unknown>) => JSON.stringify([name, size, parent, tags]),
      shelves: ({ id }: Id) => [
        { name: `shelf of ${id}`, things: [thing('a'), thing('b')], next: { name: 'next' } },
        { name: 'empty', things: null, next: null },
      ],
      wrong: () => 'not a number',
    },
    Cell: { __resolveReference: ({ id }: Id) => cell(id), price: ({ id }: Id) => (id === 'x' ? refuse('cell') : 2) },
  },
}

const subgraphs = Object.entries(parts).map(([name, body]) => parseSubgraph(name, body))
const { supergraphSdl } = compose(subgraphs)
const schemas = new Map<string, GraphQLSchema>(
  subgraphs.flatMap(({ name, typeDefs }) =>
    name === 'absent' ? [] : [[name, buildSubgraphSchema({ typeDefs, resolvers: resolvers[name as 'shop'] as never })]],
  ),
)

const ours = (name: string): GraphQLDataSource => {
  const schema = schemas.get(name)
  return inProcess(name, schema && { schema })
}

/** By graphql-js alone. */
function plain(name: string): GraphQLDataSource {
  const schema = schemas.get(name)
  if (!schema) return ours(name)
  return dataSource(name, ({ document, variables, context }) => {
    const result = execute({ schema, document, variableValues: variables, contextValue: context })
    return result as ReturnType<GraphQLDataSource['process']>
  })
}

/** What a server answers, in a form that can be compared. */
export interface Told {
  /** As text: the order of fields counts. */
  readonly data: string
  readonly errors: readonly object[]
  readonly extensions: unknown
}

/** A server over the graph: Apollo's own execution, or ours. */
export async function startServer(kind: 'stock' | 'compiled') {
  const config = {
    supergraphSdl,
    queryPlannerConfig: { exposeDocumentNodeInFetchNode: true },
    buildService: ({ name }: { name: string }) => (kind === 'stock' ? plain(name) : ours(name)),
  }
  const server = new ApolloServer({
    gateway: kind === 'stock' ? new ApolloGateway(config) : compiledGateway(config),
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
  })
  await server.start()
  const { signal } = new AbortController()
  const contextValue = { signal, cutOff: signal, log: pino({ level: 'silent' }) }

  async function ask(query: string, variables: object = {}, operationName?: string): Promise<Told> {
    const request = { query, variables: { ...variables }, ...(operationName !== undefined && { operationName }) }
    const { body } = await server.executeOperation(request, { contextValue })
    if (body.kind !== 'single') throw new Error('one answer was expected')
    const { data, errors = [], extensions } = body.singleResult
    const told = errors.map(({ message, path, extensions: more }) => ({ message, path, extensions: more }))
    return { data: JSON.stringify(data), errors: told.toSorted(byText), extensions }
  }
  return { ask, stop: () => server.stop() }
}

const byText = (a: object, b: object): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
