import type { Access } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { incompleteOf } from '#lib/reading.ts'
import type { Reading } from '#lib/snapshot.ts'
import { type Catalog, lineageKey } from './catalog.ts'
import { type Direction, type GraphEdge, LineageGraph } from './lineage-graph.ts'
import type { DatasetEntry, MergedDatasets } from './merge.ts'
import type { LineageEdge } from './port.ts'

/** What catalogs say of lineage, as far as it was asked for. */
export interface Explorer {
  /** Learns what is so many steps from these datasets. Each catalog is asked only for those that its earlier answers do not cover. */
  ask(datasets: readonly DatasetEntry[], steps: number): Promise<void>
  /** The datasets one step on, with the edges that lead there. */
  next(id: string): { readonly dataset: DatasetEntry; readonly edges: readonly GraphEdge[] }[]
  /** What is missing beside what was already: catalogs that could not be asked; or, where all could, that none knows the dataset. */
  incomplete(missing: readonly Incomplete[]): Incomplete[]
}

/** A catalog, and how many steps on from each dataset its answers tell everything. */
interface Explored {
  readonly source: string
  readonly catalog: Catalog
  readonly covered: Map<string, number>
  failure: Reading<unknown>['failure']
}

/** For one walk of one request, over the catalogs that keep lineage and may be seen. */
export function createExplorer(
  catalogs: readonly Catalog[],
  merged: MergedDatasets,
  direction: Direction,
  access: Access,
  context: RequestContext,
): Explorer {
  const graph = new LineageGraph(direction)
  const entries = new Map<string, DatasetEntry>()
  const keeping = catalogs.filter(({ lineage }) => lineage !== undefined)
  const { seen: explored, incomplete: hidden } = access.visibleOf(
    context.caller,
    keeping.map((catalog): Explored => ({ source: catalog.id, catalog, covered: new Map(), failure: undefined })),
  )
  let known = false

  const entryOf = (key: LineageEdge['from']) => {
    const entry = merged.find(key)
    entries.set(entry.id, entry)
    return entry.id
  }

  async function askOne(one: Explored, datasets: readonly DatasetEntry[], steps: number): Promise<void> {
    const open = datasets.filter(({ id }) => (one.covered.get(id) ?? 0) < steps)
    // Under each name that this catalog has it by; one that it does not have is not asked for.
    const questions = open.flatMap(({ id, records }) =>
      records
        .filter(({ source }) => source === one.source)
        .map(({ record }) => ({ id, address: record.address, depth: steps })),
    )
    if (questions.length === 0 || !one.catalog.lineage) return
    known = true
    const { signal, maxAgeSeconds } = context
    const readings = await one.catalog.lineage.readMany(questions.map(lineageKey), {
      signal,
      ...(maxAgeSeconds !== undefined && { maxAgeSeconds }),
    })
    for (const { value, failure } of readings) {
      if (value === undefined) one.failure = failure
      for (const { from, to, job } of value ?? []) {
        graph.add({ from: entryOf(from), to: entryOf(to), source: one.source, job })
      }
    }
    for (const [i, { id }] of questions.entries()) {
      if (readings[i]?.value === undefined) continue
      for (const [reached, left] of graph.within(id, steps, one.source)) {
        one.covered.set(reached, Math.max(left, one.covered.get(reached) ?? 0))
      }
    }
  }

  return {
    ask: async (datasets, steps) => {
      await Promise.all(explored.map((one) => askOne(one, datasets, steps)))
    },
    next: (id) =>
      [...graph.next(id)].flatMap(([to, edges]) => {
        const dataset = entries.get(to)
        return dataset ? [{ dataset, edges }] : []
      }),
    incomplete: (missing) => {
      const failures = explored.flatMap(({ failure }) =>
        failure ? [incompleteOf(failure, 'the lineage it keeps')] : [],
      )
      const all = [...missing, ...hidden, ...failures]
      if (known || all.length > 0) return all
      return [keeping.length === 0 ? NONE : UNKNOWN]
    },
  }
}

const NONE: Incomplete = {
  source: null,
  reason: 'NOT_CONFIGURED',
  message: 'No catalog that keeps lineage is configured: add one, such as Marquez, under sources.',
  count: null,
}

const UNKNOWN: Incomplete = {
  source: null,
  reason: 'UNMATCHED',
  message:
    'No catalog that keeps lineage knows this dataset under any of its names: if one does under another name, say so under datasets in the configuration.',
  count: null,
}
