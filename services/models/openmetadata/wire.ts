import { z } from 'zod'

/** What is read of models, by the schemas of OpenMetadata 2.0.7. */
const text = z
  .string()
  .nullish()
  .transform((value) => value || null)
const list = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? [])
const reference = z.object({
  ...{ type: text, name: text, displayName: text },
  deleted: z
    .boolean()
    .nullish()
    .transform((value) => value ?? null),
})

const mlModel = z.object({
  name: z.string(),
  fullyQualifiedName: z.string(),
  description: text,
  service: reference,
  owners: list(reference),
  domains: list(reference),
  tags: list(z.object({ tagFQN: z.string() })),
})

export const modelPage = z.object({ data: z.array(mlModel), paging: z.object({ after: text }) })

export type MlModel = z.output<typeof mlModel>
