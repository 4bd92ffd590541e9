/** A source of chance that gives the same every time. */
export interface Chance {
  /** true in so many of 1. */
  odds(of: number): boolean
  below(limit: number): number
  pick<T>(from: readonly [T, ...T[]]): T
}

export function chance(seed: number): Chance {
  let state = seed >>> 0
  const next = () => {
    // mulberry32
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    odds: (of) => next() < of,
    pick: ([first, ...others]) => [first, ...others][below(others.length + 1)] ?? first,
  }
}

/** Where a value stands that is not known: rendered as null, or as UNKNOWN, or as a list without some of it. */
interface Hole {
  readonly hole: Kind
}

/** What can stand in a field. */
type Kind = 'flag' | 'number' | 'word' | 'perhaps' | 'color' | 'words' | 'kids' | 'one'
type Tree = null | boolean | number | string | Hole | readonly Tree[] | Fields | Part
interface Fields {
  readonly fields: { readonly [name: string]: Tree }
}
/** A list of which only a part is known. */
interface Part {
  readonly part: readonly Tree[]
  readonly of: 'words' | 'nodes'
  readonly depth: number
  readonly how: 'incomplete' | 'pages'
}

const fieldKinds: Readonly<Record<string, Kind>> = {
  ...{ ready: 'flag', count: 'number', name: 'word', domain: 'perhaps', color: 'color', words: 'words', kids: 'kids' },
}

/** A thing with everything known, some of it then not. */
export function randomThing(random: Chance, holes: number): Fields {
  return record(random, 0, holes)
}

function record(random: Chance, depth: number, holes: number): Fields {
  const kinds = depth === 0 ? { ...fieldKinds, one: 'one' as const } : fieldKinds
  return {
    fields: Object.fromEntries(
      Object.entries(kinds).map(([name, kind]) => [
        name,
        random.odds(holes) ? { hole: kind } : value(random, kind, depth, holes),
      ]),
    ),
  }
}

function value(random: Chance, kind: Kind, depth: number, holes: number): Tree {
  switch (kind) {
    case 'flag':
      return random.odds(0.5)
    case 'number':
      return random.below(4)
    case 'word':
      return random.pick(['x', 'y', 'z'])
    case 'perhaps':
      return random.odds(0.5) ? null : random.pick(['x', 'y'])
    case 'color':
      return random.pick(['RED', 'GREEN'])
    case 'words': {
      const words = Array.from({ length: random.below(3) }, () => value(random, 'word', depth, holes))
      return random.odds(holes) ? { part: words, of: 'words', depth, how: 'incomplete' } : words
    }
    case 'one':
      return record(random, 1, holes)
    case 'kids': {
      const length = depth > 1 ? 0 : random.below(4)
      const nodes: Tree[] = Array.from({ length }, () => record(random, depth + 1, holes))
      const how = random.odds(0.5) ? 'incomplete' : 'pages'
      const list: Tree = random.odds(holes) ? { part: nodes, of: 'nodes', depth, how } : nodes
      return { fields: { nodes: list } }
    }
  }
}

const SILENT = [{ source: null, reason: 'DOWN', message: 'silent', count: null }]

/** An error of the answer. */
export interface PathError {
  readonly message: string
  readonly path: readonly (string | number)[]
}

/** The answer of the graph, holes and all, with the errors that account for those that null alone would not tell. */
export function withHoles(
  tree: Tree,
  random: Chance,
  path: readonly (string | number)[],
  errors: PathError[],
): unknown {
  if (tree === null || typeof tree !== 'object') return tree
  if (Array.isArray(tree)) return tree.map((one, i) => withHoles(one, random, [...path, i], errors))
  if ('hole' in tree) {
    if (tree.hole === 'color') return random.odds(0.5) ? 'UNKNOWN' : lost(path, errors)
    if (tree.hole === 'perhaps' || random.odds(0.3)) return lost(path, errors)
    return null
  }
  if ('part' in tree) return [...tree.part.map((one, i) => withHoles(one, random, [...path, i], errors)), null]
  if (!('fields' in tree)) return tree
  const { nodes } = tree.fields
  const told = Object.entries(tree.fields).map(([name, one]) => [name, withHoles(one, random, [...path, name], errors)])
  return { ...Object.fromEntries(told), ...(nodes !== undefined && connection(nodes, told[0]?.[1])) }
}

/** A connection: what is missing of its nodes stands beside them. */
function connection(nodes: Tree, told: unknown) {
  const part = typeof nodes === 'object' && nodes !== null && 'part' in nodes ? nodes : undefined
  const known = Array.isArray(told) ? told : []
  return {
    nodes: part ? known.slice(0, -1) : known,
    total: known.length,
    incomplete: part?.how === 'incomplete' ? SILENT : [],
    pageInfo: { hasNextPage: part?.how === 'pages' },
  }
}

function lost(path: readonly (string | number)[], errors: PathError[]): null {
  errors.push({ message: 'silent', path })
  return null
}

/** One way in which it may really be. */
export function completed(tree: Tree, random: Chance): unknown {
  if (tree === null || typeof tree !== 'object') return tree
  if (Array.isArray(tree)) return tree.map((one) => completed(one, random))
  if ('hole' in tree) return completed(value(random, tree.hole, tree.hole === 'one' ? 0 : 2, 0), random)
  if ('part' in tree) {
    const list = tree.part.map((one) => completed(one, random))
    // How many there are in all is told beside pages.
    for (let more = tree.how === 'pages' ? 1 : random.below(3); more > 0; more -= 1) {
      const one = tree.of === 'words' ? value(random, 'word', 0, 0) : record(random, tree.depth + 1, 0)
      list.splice(random.below(list.length + 1), 0, completed(one, random))
    }
    return list
  }
  if (!('fields' in tree)) return tree
  const fields = Object.fromEntries(Object.entries(tree.fields).map(([name, one]) => [name, completed(one, random)]))
  const nodes: unknown = fields.nodes
  return {
    ...fields,
    ...(Array.isArray(nodes) && { total: nodes.length, incomplete: [], pageInfo: { hasNextPage: false } }),
  }
}

/** What may be done with a variable of a record: its name, how deep it stands, and whether it is the thing itself. */
interface Variable {
  readonly name: string
  readonly depth: number
  readonly root: boolean
}

/** A condition on `thing`, of everything that rules may use. */
export function randomCondition(
  random: Chance,
  depth: number,
  scope: readonly [Variable, ...Variable[]],
  loops = 0,
): string {
  const inner = () => randomCondition(random, depth - 1, scope, loops)
  if (depth === 0 || random.odds(0.15)) return leaf(random, scope)
  switch (random.below(loops < 2 ? 9 : 4)) {
    case 0:
      return `(${inner()} && ${inner()})`
    case 1:
      return `(${inner()} || ${inner()})`
    case 2:
      return `!(${inner()})`
    case 3:
      return `(${inner()} ? ${inner()} : ${inner()})`
    case 4:
      return `(${inner()} == ${inner()})`
    default:
      return overList(random, depth, scope, loops)
  }
}

function overList(random: Chance, depth: number, scope: readonly [Variable, ...Variable[]], loops: number): string {
  const { name, depth: above } = random.pick(scope)
  const x = `x${scope.length}${loops}`
  const kid: Variable = { name: x, depth: above + 1, root: false }
  const body = () => randomCondition(random, depth - 1, [kid, ...scope], loops + 1)
  const plain = `${name}.kids.nodes`
  const list = random.odds(0.3) ? `${plain}.filter(${x}, ${body()})` : plain
  switch (random.below(8)) {
    case 0:
    case 1:
      return `${list}.exists(${x}, ${body()})`
    case 2:
    case 3:
      return `${list}.all(${x}, ${body()})`
    case 4:
      return `${list}.exists_one(${x}, ${body()})`
    case 5:
      return `size(${list}) ${random.pick(['<', '>=', '=='])} ${random.below(3)}`
    case 6:
      return `"${random.pick(['x', 'y'])}" in ${list}.map(${x}, ${x}.name)`
    default:
      return `${list}.map(${x}, ${x}.count).${random.pick(['all', 'exists'])}(n${x}, n${x} - (1 - ${random.below(3)}) > 1)`
  }
}

function leaf(random: Chance, scope: readonly [Variable, ...Variable[]]): string {
  const { name, root } = random.pick(scope)
  const more = root ? [`${name}.one.ready`, `has(${name}.one)`, `${name}.one.color != "GREEN"`] : []
  return random.pick([
    `${name}.ready`,
    `${name}.count < ${random.below(4)}`,
    `${name}.count == ${name}.count`,
    `${name}.name == "${random.pick(['x', 'y'])}"`,
    `${name}.name != "x"`,
    `${name}.color == "RED"`,
    `${name}.color in ["RED"]`,
    `has(${name}.domain)`,
    `${name}.domain == "x"`,
    `(has(${name}.domain) && ${name}.domain == "x")`,
    `has(${name}.ready)`,
    `"x" in ${name}.words`,
    `${name}.words.all(w, w != "${random.pick(['x', 'y'])}")`,
    `${name}.words == ["x"]`,
    `${name}.kids.total > ${random.below(3)}`,
    `${name}.kids.nodes[0].ready`,
    `${name}.name.matches("^[xy]$")`,
    ...more,
  ])
}
