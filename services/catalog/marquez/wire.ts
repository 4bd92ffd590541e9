import { z } from 'zod'

/**
 * What is read of Marquez' API, `/api/v1`, seen on 0.51.2-SNAPSHOT (a89b89c). Facets are OpenLineage's; each is written by a
 * producer, so one that is not as its specification says is left out and spoils nothing else.
 */
const lenient = <T extends z.ZodType>(schema: T) =>
  schema
    .nullish()
    .transform((value) => value ?? null)
    .catch(null)
const text = z
  .string()
  .nullish()
  .transform((value) => value || null)
/** ISO 8601 → milliseconds since 1970. */
const time = z
  .string()
  .nullish()
  .transform((value) => (value ? Date.parse(value) : Number.NaN))
  .transform((value) => (Number.isNaN(value) ? null : value))

const key = z.object({ namespace: z.string(), name: z.string() })

const facets = z
  .object({
    ownership: lenient(z.object({ owners: z.array(z.object({ name: z.string(), type: text })) })),
    documentation: lenient(z.object({ description: text })),
    symlinks: lenient(z.object({ identifiers: z.array(key) })),
    tags: lenient(z.object({ tags: z.array(z.object({ key: z.string(), value: text, field: text })) })),
    columnLineage: lenient(
      z.object({
        fields: z.record(z.string(), z.object({ inputFields: z.array(key.extend({ field: z.string() })) })),
      }),
    ),
    dataQualityAssertions: lenient(
      z.object({
        assertions: z.array(
          z.object({
            assertion: z.string(),
            success: z.boolean().nullish(),
            column: text,
            name: text,
            expected: text,
            actual: text,
          }),
        ),
      }),
    ),
  })
  .prefault({})

const dataset = z.object({
  id: key,
  physicalName: text,
  updatedAt: time,
  lastModifiedAt: time,
  lastLifecycleState: text,
  description: text,
  fields: z
    .array(z.object({ name: z.string(), type: text, tags: z.array(z.string()).nullish(), description: text }))
    .nullish()
    .transform((value) => value ?? []),
  tags: z
    .array(z.string())
    .nullish()
    .transform((value) => value ?? []),
  facets,
  deleted: z.boolean().nullish(),
})

/** A version of a dataset's data. Facets of its own time. */
const version = z.object({ createdAt: time, facets })

/** A job in a lineage graph. */
const job = z.object({
  id: key,
  inputs: z.array(key),
  outputs: z.array(key),
  location: text,
  description: text,
})

export const namespaces = z.object({
  namespaces: z.array(z.object({ name: z.string(), isHidden: z.boolean().nullish() })),
})

export const datasetPage = z.object({ totalCount: z.number(), datasets: z.array(dataset) })

export const versionPage = z.object({ versions: z.array(version) })

/** Nodes of both types; of datasets nothing is read, since jobs name what they read and write. */
export const lineage = z.object({
  graph: z.array(
    z.discriminatedUnion('type', [
      z.object({ type: z.literal('JOB'), data: job }),
      z.object({ type: z.literal('DATASET') }),
    ]),
  ),
})

export type Dataset = z.output<typeof dataset>
export type Job = z.output<typeof job>
