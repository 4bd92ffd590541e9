import { hiddenFrom } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { guessOf } from '#lib/dataset-name.ts'
import { parseId } from '#lib/ids.ts'
import { type Order, type PageArguments, pageOf, sorted } from '#lib/page.ts'
import { missingFrom } from '#lib/reading.ts'
import type { Registries } from '../registries.ts'
import { findRun } from '../run.ts'
import type { DatasetUseEntry, RunIndex } from '../run-index.ts'
import type { DatasetResolvers, DatasetUseResolvers } from '../schema.generated.ts'

/** Newest first; a run can read a dataset twice, with two purposes. */
const newestFirst: Order<DatasetUseEntry> = {
  name: 'NEWEST',
  keys: ({ startedAt, source, runId, context, digest }) => [
    startedAt === null ? null : -startedAt,
    ...[source, runId, context, digest],
  ],
}

/** `Dataset`: an id is enough to name one, whether or not a run is known to have read it. */
export function datasetResolvers(registries: Registries, config: Config): DatasetResolvers {
  return {
    __resolveReference: (dataset) => (parseId(dataset.id)?.type === 'Dataset' ? dataset : null),
    usedByRuns: ({ id }, page, context) =>
      usesOf(registries, config, page, context, ({ usesByDataset }) => usesByDataset.get(id) ?? []),
    maybeUsedByRuns: async ({ id, soleNames, incomplete }, page, context) => {
      const found = await usesOf(registries, config, page, context, ({ usesByBareName }) =>
        (soleNames ?? []).flatMap((name) =>
          (usesByBareName.get(name) ?? []).map((use) => ({ ...use, dataset: id, link: guessOf(name) })),
        ),
      )
      return { ...found, incomplete: [...found.incomplete, ...(incomplete ?? [])] }
    },
  }
}

/** A dataset as the catalog side hands it over. */
export interface DatasetReference {
  readonly id: string
  readonly soleNames?: readonly string[] | null
  readonly incomplete?: readonly Incomplete[] | null
}

async function usesOf(
  registries: Registries,
  config: Config,
  { first, after }: PageArguments,
  context: RequestContext,
  find: (index: RunIndex) => readonly DatasetUseEntry[],
) {
  const found = await Promise.all(
    registries.all.map(async (registry) => {
      const reading = await registry.runIndex.read(context)
      const all = reading.value ? find(reading.value) : []
      const seen = all.length === 0 ? undefined : await registries.runsSeen(registry, context)
      const uses = all.filter(({ runId }) => seen?.(runId))
      const missing = missingFrom(reading, 'its runs that read this dataset')
      return { uses, incomplete: [...missing, ...hiddenFrom(registry.id, all.length - uses.length)] }
    }),
  )
  const uses = sorted(
    found.flatMap((one) => one.uses),
    newestFirst,
  )
  const incomplete = found.flatMap((one) => one.incomplete)
  return pageOf(uses, newestFirst, { first, after }, config.gateway.limits.pageSize, incomplete)
}

/** `DatasetUse`. */
export function datasetUseResolvers(registries: Registries): DatasetUseResolvers {
  return {
    run: async ({ source, runId }, _, context) => {
      const registry = registries.byId(source)
      return registry ? (await findRun(registries, registry, runId, context)).run : null
    },
  }
}
