import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { GraphAnswer } from '#lib/graph.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { type LevelDocument, labelKey, linkKey } from './document.ts'
import type { EdgeField } from './edges.ts'

/** A step that one answer shows. */
export interface Step {
  readonly field: EdgeField
  readonly to: string
  readonly toType: string
  readonly link: Link | null
}

/** What the graph says of one thing. */
export interface Told {
  readonly label: string | null
  readonly steps: readonly Step[]
  readonly incomplete: readonly Incomplete[]
  /** What was asked beside, as it came. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** What a level's answer says of each thing asked for, and what is missing that belongs to none of them. */
export function readLevel(
  ids: readonly string[],
  { edges, holes }: LevelDocument,
  { data, errors }: GraphAnswer,
): { told: Map<string, Told>; incomplete: Incomplete[] } {
  const nodes = isList(data?.nodes) ? data.nodes : []
  const told = new Map<string, Told>()
  for (const [i, id] of ids.entries()) {
    const own = errors.filter(({ path }) => path?.[0] === 'nodes' && path[1] === i).map(incompleteOfError)
    const node = nodes[i]
    const type = isObject(node) ? String(node.__typename) : ''
    const asked = edges.get(type) ?? []
    if (isObject(node)) {
      const silent = errors.filter((error) => takesAway(error, node, asked)).map(incompleteOfError)
      told.set(id, readNode(node, asked, [...own, ...silent, ...holesIn(node, holes.get(type))]))
    } else told.set(id, { label: null, steps: [], incomplete: own.length > 0 ? own : [gone(id)], fields: {} })
  }
  const elsewhere = errors.filter(({ path }) => path?.[0] !== 'nodes' || typeof path[1] !== 'number')
  return { told, incomplete: elsewhere.map(incompleteOfError) }
}

/** Whether steps of a thing are missing since a part of the graph was silent, which is told once for all things. */
function takesAway(
  { extensions }: GraphAnswer['errors'][number],
  node: Record<string, unknown>,
  asked: readonly { key: string }[],
): boolean {
  const missing = isList(extensions?.missing) ? extensions.missing.map(String) : []
  return asked.some(({ key }) => missing.some((one) => one === `nodes.${key}` && node[key] == null))
}

function holesIn(node: Record<string, unknown>, keys: readonly string[] = []): Incomplete[] {
  return keys.flatMap((key) => (isList(node[key]) ? (node[key] as readonly Incomplete[]) : []))
}

function readNode(
  node: Record<string, unknown>,
  edges: readonly { field: EdgeField; key: string }[],
  failures: readonly Incomplete[],
): Told {
  const steps: Step[] = []
  const incomplete = [...failures]
  for (const { field, key } of edges) {
    collect(
      node[key],
      isObject(node[linkKey(key)]) ? (node[linkKey(key)] as unknown as Link) : null,
      (entity, link) => {
        steps.push({ field, to: String(entity.id), toType: String(entity.__typename), link })
      },
      incomplete,
    )
  }
  const label = node[labelKey(String(node.__typename))]
  return { label: typeof label === 'string' ? label : null, steps, incomplete, fields: node }
}

/** Finds the entities in a value; the link that stands beside one is its evidence. */
function collect(
  value: unknown,
  link: Link | null,
  found: (entity: Record<string, unknown>, link: Link | null) => void,
  incomplete: Incomplete[],
): void {
  if (isList(value)) for (const item of value) collect(item, link, found, incomplete)
  if (!isObject(value)) return
  if (typeof value.id === 'string' && typeof value.__typename === 'string') {
    found(value, link)
    return
  }
  const beside = isObject(value.link) ? (value.link as unknown as Link) : link
  if (isList(value.incomplete)) incomplete.push(...(value.incomplete as Incomplete[]))
  if (isObject(value.pageInfo) && value.pageInfo.hasNextPage === true) incomplete.push(cut())
  for (const [key, one] of Object.entries(value)) {
    if (key !== 'link' && key !== 'incomplete' && key !== 'pageInfo') collect(one, beside, found, incomplete)
  }
}

/** A part of the graph as a whole is no source that could say why. */
const reasons: Readonly<Record<string, Incomplete['reason']>> = {
  SUBGRAPH_UNAVAILABLE: 'DOWN',
  UPSTREAM_TIMEOUT: 'TIMEOUT',
}

function incompleteOfError({ message, extensions }: GraphAnswer['errors'][number]): Incomplete {
  const { source = null, code, reason = reasons[String(code)] ?? 'BAD_RESPONSE' } = extensions ?? {}
  return { source: source as string | null, reason: reason as Incomplete['reason'], message, count: null }
}

function gone(id: string): Incomplete {
  const parsed = parseId(id)
  const what = parsed ? makeId(parsed.type, ...parsed.parts) : id
  const message = `${what} is named by something else here, and is gone or may not be seen by you: what lies behind it is not known.`
  return { source: null, reason: 'UNMATCHED', message, count: 1 }
}

function cut(): Incomplete {
  const message = 'More hang here than one page holds: the first page is shown.'
  return { source: null, reason: 'TRUNCATED', message, count: null }
}

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
