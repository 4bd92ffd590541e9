import { z } from 'zod'

/** JSON has no NaN: MLflow writes "NaN" and "Infinity", as protobuf does. */
const number = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity']).transform(Number)])

const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((found) => found ?? [])

/** What is read of a run; times are milliseconds since 1970, as numbers or as text. */
const run = z.object({
  data: z
    .object({
      metrics: list(z.object({ key: z.string(), value: number, timestamp: z.coerce.number() })),
      tags: list(z.object({ key: z.string(), value: z.string() })),
    })
    .prefault({}),
})

/** `POST runs/search`. */
export const runs = z.object({ runs: list(run), next_page_token: z.string().nullish() })

/** `GET experiments/get-by-name`. */
export const experiment = z.object({ experiment: z.object({ experiment_id: z.string() }) })

export type Run = z.output<typeof run>
