import { z } from 'zod'

/** Prometheus writes numbers as text, with words for those that JSON has none for. */
const number = z.string().transform((text, context) => {
  const special: Record<string, number> = { NaN: Number.NaN, '+Inf': Infinity, '-Inf': -Infinity, Inf: Infinity }
  if (Object.hasOwn(special, text)) return special[text] as number
  const value = Number(text)
  if (text !== '' && !Number.isNaN(value)) return value
  context.issues.push({ code: 'custom', message: 'no number', input: text })
  return z.NEVER
})

/** Seconds since 1970, and the value then. */
const sample = z.tuple([z.number(), number])

const labels = z.record(z.string(), z.string())

const envelope = <T extends z.ZodType>(data: T) =>
  z.object({ status: z.literal('success'), data, warnings: z.array(z.string()).nullish() })

/** `GET /api/v1/query` of an expression that gives a vector. Series of native histograms have no value and are left out. */
export const vector = envelope(
  z.object({
    resultType: z.literal('vector'),
    result: z.array(z.object({ metric: labels, value: sample.optional() })),
  }),
)

/** `GET /api/v1/query_range`. */
export const matrix = envelope(
  z.object({
    resultType: z.literal('matrix'),
    result: z.array(z.object({ metric: labels, values: z.array(sample).optional() })),
  }),
)

/** `GET /api/v1/status/buildinfo`. */
export const buildInfo = envelope(z.object({ version: z.string() }))

/** One series of a vector. */
export interface Point {
  readonly labels: Readonly<Record<string, string>>
  /** Seconds since 1970. */
  readonly at: number
  readonly value: number
}
