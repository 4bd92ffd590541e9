import { parseId } from '#lib/ids.ts'
import type { Catalogs } from '../catalogs.ts'
import { guessInputs } from '../input-guesses.ts'
import { qualityAt } from '../quality.ts'
import type { TrainingRunResolvers } from '../schema.generated.ts'
import type { Lookups } from './query.ts'

/** A run as the registry side hands it over. */
export interface RunReference {
  readonly id: string
  readonly startedAt?: string | null
  readonly inputs?:
    | readonly {
        readonly name?: string
        readonly location?: string | null
        readonly dataset?: { readonly id: string } | null
      }[]
    | null
}

/** `TrainingRun`: what catalogs know of the data that it read. */
export function trainingRunResolvers(catalogs: Catalogs, lookups: Lookups): TrainingRunResolvers {
  return {
    __resolveReference: (run) => (parseId(run.id)?.type === 'TrainingRun' ? run : null),
    inputGuesses: ({ inputs }, _, context) => {
      if (!inputs) return null
      const bare = inputs.filter(({ dataset }) => !dataset)
      return guessInputs(
        catalogs,
        bare.map(({ name = '', location = null }) => ({ name, location })),
        context,
      )
    },
    inputQuality: async ({ startedAt, inputs }, _, context) => {
      if (!startedAt || !inputs) return null
      const ids = new Set(inputs.flatMap(({ dataset }) => dataset?.id ?? []))
      const found = await Promise.all([...ids].map((id) => lookups.dataset(id, context)))
      // Two names can be one dataset.
      const datasets = new Map(found.flatMap((dataset) => (dataset ? [[dataset.id, dataset]] : [])))
      return Promise.all(
        [...datasets.values()].map(async (dataset) => ({
          dataset,
          quality: await qualityAt(catalogs, dataset, Date.parse(startedAt), context),
        })),
      )
    },
  }
}
