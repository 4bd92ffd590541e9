import { z } from 'zod'

/** What is read of Unity Catalog OSS, `/api/2.1/unity-catalog`, seen on 0.6.0. What is not set is null. Times are milliseconds since 1970. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || null)
const properties = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => Object.entries(value ?? {}).map(([key, one]) => ({ key, value: one })))

const column = z.object({ name: z.string(), type_text: text, type_json: text, comment: text })

const table = z.object({
  name: z.string(),
  catalog_name: z.string(),
  schema_name: z.string(),
  columns: z
    .array(column)
    .nullish()
    .transform((value) => value ?? null),
  storage_location: text,
  comment: text,
  properties,
  owner: text,
  updated_at: z
    .number()
    .nullish()
    .transform((value) => value ?? null),
})

const token = { next_page_token: text }

/** One page each. */
export const pages = {
  catalogs: z.object({ catalogs: z.array(z.object({ name: z.string() })), ...token }),
  schemas: z.object({ schemas: z.array(z.object({ name: z.string() })), ...token }),
  tables: z.object({ tables: z.array(table), ...token }),
}

/** A column as Spark writes it: what was attached to it stands in `metadata`. */
export const sparkField = z.object({ metadata: z.record(z.string(), z.unknown()).optional() })

export type Table = z.output<typeof table>
