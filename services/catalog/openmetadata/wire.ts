import { z } from 'zod'

/** What is read of OpenMetadata's API, by the schemas of 2.0.7. Times are milliseconds since 1970. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || null)
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? [])
const time = z
  .number()
  .nullish()
  .transform((value) => value ?? null)

const tag = z.object({ tagFQN: z.string(), source: text })
const reference = z.object({
  ...{ type: text, name: text, displayName: text, fullyQualifiedName: text },
  deleted: z
    .boolean()
    .nullish()
    .transform((value) => value ?? null),
})
/** When something was done to the data, as the store told whoever crawled it. */
const access = z.object({ timestamp: time }).nullish()

const table = z.object({
  name: z.string(),
  displayName: text,
  fullyQualifiedName: z.string(),
  description: text,
  updatedAt: time,
  deleted: z.boolean().nullish(),
  entityStatus: text,
  owners: list(reference),
  tags: list(tag),
  domains: list(reference),
  lifeCycle: z.object({ created: access, updated: access }).nullish(),
  columns: list(
    z.object({ name: z.string(), dataType: text, dataTypeDisplay: text, description: text, tags: list(tag) }),
  ),
})

const dashboard = z.object({
  ...{ name: z.string(), displayName: text, fullyQualifiedName: z.string(), description: text },
  ...{ dashboardType: text, sourceUrl: text, owners: list(reference), tags: list(tag), domains: list(reference) },
})

const result = z.object({ timestamp: time, testCaseStatus: text, result: text })

const testCase = z.object({
  name: z.string(),
  displayName: text,
  fullyQualifiedName: text,
  entityLink: z.string(),
  deleted: z.boolean().nullish(),
  testCaseResult: result.nullish().transform((value) => value ?? null),
})

/** Results of one check. */
export const results = z.object({ data: list(result) })

const paging = { paging: z.object({ after: text }) }

/** One page each. */
export const pages = {
  tables: z.object({ data: z.array(table), ...paging }),
  testCases: z.object({ data: z.array(testCase), ...paging }),
  dashboards: z.object({ data: z.array(dashboard), ...paging }),
}

const end = z.object({ type: z.string(), fullyQualifiedName: z.string() })
const edge = z.object({
  ...{ fromEntity: end, toEntity: end, pipeline: reference.nullish() },
  // Who wrote the edge may have told no more than that the columns hang together somehow.
  columns: list(z.object({ fromColumns: list(z.string()), toColumn: z.string() })).catch([]),
})
const edges = z
  .record(z.string(), edge)
  .nullish()
  .transform((value) => Object.values(value ?? {}))

export const lineage = z.object({ upstreamEdges: edges, downstreamEdges: edges })

export const version = z.object({ version: z.string() })

export type Table = z.output<typeof table>
export type Dashboard = z.output<typeof dashboard>
export type TestCase = z.output<typeof testCase>
export type Edge = z.output<typeof edge>
