import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { GraphAnswer } from '#lib/graph.ts'
import { parseId } from '#lib/ids.ts'
import { readLevel, type Step, type Told } from './answer.ts'
import type { LevelDocument } from './document.ts'

/** A thing that a walk found. */
export interface WalkedNode {
  readonly id: string
  readonly type: string
  readonly label: string
  readonly depth: number
  readonly truncated: boolean
  readonly incomplete: readonly Incomplete[]
  /** What was asked beside, as it came. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** One step of a walk, from what is made from to what is made. */
interface WalkedEdge {
  readonly from: string
  readonly to: string
  readonly field: string
  readonly link: Link | null
}

/** What a walk found. */
export interface Walked {
  readonly nodes: readonly WalkedNode[]
  readonly edges: readonly WalkedEdge[]
  readonly incomplete: readonly Incomplete[]
}

/** A thing to start from. */
interface Start {
  readonly id: string
  readonly type: string
}

/** How far and how to walk. */
export interface WalkOptions {
  readonly starts: readonly Start[]
  readonly document: LevelDocument
  /** Steps at most. */
  readonly depth: number
  /** Things at most, those to start from included. */
  readonly maxNodes: number
  /** Asks one level: the document with these ids. */
  readonly ask: (ids: readonly string[]) => Promise<GraphAnswer>
  /** Ended: what was found so far is the answer. */
  readonly signal: AbortSignal
  /** Whether the walk goes on behind a thing; default: always. */
  readonly goesOn?: (id: string, told: Told) => boolean
}

/** Ids in one question: as many as `Query.nodes` takes. */
const BATCH = 500

/**
 * Walks breadth first: one question to the graph for each level, whatever types stand on it. Each thing is asked once, so
 * circles end by themselves; what a bound cut off is told at the thing behind which it lies.
 */
export async function walk(options: WalkOptions): Promise<Walked> {
  const { starts, document, depth, maxNodes, ask, signal, goesOn = () => true } = options
  const nodes = new Map<string, WalkedNode>()
  const edges = new Map<string, WalkedEdge>()
  const missing: Incomplete[] = []
  const known = new Set(starts.map(({ id }) => id))
  let level: readonly Start[] = starts
  for (let step = 0; level.length > 0; step++) {
    if (signal.aborted) {
      for (const start of level) nodes.set(start.id, unwalked(start, step))
      break
    }
    const next = new Map<string, Start>()
    const { told, incomplete } = await askLevel(level, document, ask)
    missing.push(...incomplete)
    for (const { id, type } of level) {
      const one = told.get(id) ?? { label: null, steps: [], incomplete: [], fields: {} }
      const steps = goesOn(id, one) ? one.steps : []
      const cuts = new Set<string>()
      for (const { field, to, toType, link } of steps) {
        if (!known.has(to)) {
          if (step === depth || known.size >= maxNodes) {
            cuts.add(to)
            continue
          }
          known.add(to)
          next.set(to, { id: to, type: toType })
        }
        keepBest(edges, field.direction === 'UPSTREAM' ? [to, id] : [id, to], `${type}.${field.name}`, link)
      }
      const own =
        cuts.size === 0 ? one.incomplete : [...one.incomplete, cut(cuts.size, step === depth ? 'depth' : 'maxNodes')]
      const label = one.label === null ? labelOf(id) : one.label
      nodes.set(id, {
        id,
        type,
        label: withVersion(id, label),
        depth: step,
        truncated: cuts.size > 0,
        incomplete: own,
        fields: one.fields,
      })
    }
    level = [...next.values()]
  }
  return {
    nodes: [...nodes.values()],
    edges: [...edges.values()].filter(({ from, to }) => nodes.has(from) && nodes.has(to)),
    incomplete: unique(missing),
  }
}

async function askLevel(
  level: readonly Start[],
  document: LevelDocument,
  ask: WalkOptions['ask'],
): Promise<{ told: Map<string, Told>; incomplete: Incomplete[] }> {
  const ids = level.map(({ id }) => id)
  const batches = Array.from({ length: Math.ceil(ids.length / BATCH) }, (_, i) => ids.slice(i * BATCH, (i + 1) * BATCH))
  const read = await Promise.all(
    batches.map(async (batch) => {
      try {
        return readLevel(batch, document, await ask(batch))
      } catch {
        return { told: new Map<string, Told>(), incomplete: [unasked()] }
      }
    }),
  )
  return { told: new Map(read.flatMap(({ told }) => [...told])), incomplete: read.flatMap((one) => one.incomplete) }
}

/** A pair that is found from both ends, or twice, is one edge, with the evidence that is surest. */
function keepBest(
  edges: Map<string, WalkedEdge>,
  [from, to]: [string, string],
  field: string,
  link: Step['link'],
): void {
  const key = JSON.stringify([from, to])
  const before = edges.get(key)
  if (before && (before.link === null || (link !== null && before.link.confidence >= link.confidence))) return
  edges.set(key, { from, to, field, link })
}

/** What an id says of a thing: all that stands behind its source. */
function labelOf(id: string): string {
  const parsed = parseId(id)
  if (!parsed) return id
  return (parsed.parts.length > 1 ? parsed.parts.slice(1) : parsed.parts).join(' ')
}

/** A version by itself says nothing: 3 of what? */
function withVersion(id: string, label: string): string {
  return id.startsWith('ModelVersion:') ? labelOf(id) : label
}

function unwalked({ id, type }: Start, depth: number): WalkedNode {
  const message = 'The time of the query was up before this could be asked about: ask for fewer steps, or from here.'
  const incomplete: Incomplete[] = [{ source: null, reason: 'TRUNCATED', message, count: null }]
  return { id, type, label: labelOf(id), depth, truncated: true, incomplete, fields: {} }
}

function cut(count: number, bound: 'depth' | 'maxNodes'): Incomplete {
  const message = `${count} more lie behind this: ${bound} of the question is reached.`
  return { source: null, reason: 'TRUNCATED', message, count }
}

function unasked(): Incomplete {
  const message = 'The graph could not be asked for a whole level of the walk: what is shown ends there.'
  return { source: null, reason: 'DOWN', message, count: null }
}

/** The same thing missing at every level is told once. */
export function unique(incomplete: readonly Incomplete[]): Incomplete[] {
  return [...new Map(incomplete.map((one) => [JSON.stringify([one.source, one.reason, one.message]), one])).values()]
}
