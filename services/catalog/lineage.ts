import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { badInput } from '#lib/page.ts'
import type { Catalogs } from './catalogs.ts'
import type { DatasetView } from './dataset-view.ts'
import { createExplorer } from './lineage-explorer.ts'
import type { Direction, GraphEdge } from './lineage-graph.ts'
import type { DatasetEntry } from './merge.ts'
import type { JobRecord } from './port.ts'

/** The most steps and the most datasets of one answer. */
const MAX_DEPTH = 10
const MAX_DATASETS = 500

/** One dataset that was reached. */
export interface Relation {
  readonly dataset: DatasetView
  readonly depth: number
  readonly nextId: string
  readonly jobs: readonly JobRecord[]
  readonly link: Link
}

/** What a walk found. */
export interface Relations {
  readonly nodes: readonly Relation[]
  readonly incomplete: readonly Incomplete[]
}

/** Walks from a dataset over what all catalogs say together, level by level. */
export async function walkLineage(
  catalogs: Catalogs,
  start: DatasetView,
  direction: Direction,
  wanted: number,
  context: RequestContext,
): Promise<Relations> {
  if (wanted < 1) throw badInput(`depth: ${wanted} is not possible: ask for 1 to ${MAX_DEPTH} steps`)
  const depth = Math.min(wanted, MAX_DEPTH)
  const { merged, incomplete: missing } = await catalogs.known(context)
  const explorer = createExplorer(catalogs.all, merged, direction, catalogs.access, context)

  const nodes: Relation[] = []
  const reached = new Set([start.id])
  let frontier: readonly DatasetEntry[] = [merged.find(start)]
  let level = 0
  while (level < depth && frontier.length > 0) {
    await explorer.ask(frontier, depth - level)
    level += 1
    const next: DatasetEntry[] = []
    for (const near of frontier) {
      for (const { dataset, edges } of explorer.next(near.id)) {
        if (!reached.has(dataset.id)) {
          // The start is no result.
          if (reached.size > MAX_DATASETS) return { nodes, incomplete: [...explorer.incomplete(missing), TOO_MANY] }
          reached.add(dataset.id)
          next.push(dataset)
        }
        nodes.push(relationOf(catalogs.view(dataset, missing, context), level, near.id, edges))
      }
    }
    frontier = next
  }
  const cut = wanted > MAX_DEPTH && frontier.length > 0 ? [TOO_FAR] : []
  const incomplete = [...explorer.incomplete(missing), ...cut]
  return { nodes, incomplete }
}

const truncated = (message: string): Incomplete => ({ source: null, reason: 'TRUNCATED', message, count: null })

const TOO_FAR = truncated(`Cut at ${MAX_DEPTH} steps: go on from the datasets that are furthest away.`)
const TOO_MANY = truncated(`Cut at ${MAX_DATASETS} datasets: ask for fewer steps, or go on from one of these.`)

function relationOf(dataset: DatasetView, depth: number, nextId: string, edges: readonly GraphEdge[]): Relation {
  const jobs = edges.flatMap(({ job }) => job ?? [])
  const sources = [...new Set(edges.map(({ source }) => source))].join(', ')
  const by = jobs.map(({ namespace, name }) => `${namespace} ${name}`).join(', ')
  const evidence = by === '' ? `${sources} says so` : `${sources} says that it is done by ${by}`
  const unique = [...new Map(jobs.map((job) => [JSON.stringify([job.namespace, job.name]), job])).values()]
  return { dataset, depth, nextId, jobs: unique, link: { method: 'DECLARED', confidence: 0.9, evidence } }
}
