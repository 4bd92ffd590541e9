import { z } from 'zod'
import { sourceReference, text } from '#lib/config/options.ts'
import { trust } from '#lib/matching.ts'
import type { NamedModel } from './schema.generated.ts'

const LABEL = /^[a-zA-Z_][a-zA-Z0-9_]*$/

/** The name of a label, as Prometheus has them. */
export const labelName = () => {
  const expected = 'the name of a label: letters, digits and _'
  return z.string().regex(LABEL, { error: expected }).meta({ expected })
}

/** Labels and the values that they must have. A name alone would join two endpoints that serve it. */
const selector = () =>
  z
    .record(z.string(), text())
    .refine((labels) => Object.keys(labels).length > 0 && Object.keys(labels).every((name) => LABEL.test(name)), {
      error: 'at least one label, whose name is letters, digits and _, with its value',
    })
    .describe('Labels and values that mark what is of this server, such as { job: triton }: all must be equal.')

/** The options with which a watch says what it watches. */
export const watchOptions = {
  source: sourceReference('server').describe('Id of the source that serves the models.'),
  endpoint: text()
    .optional()
    .describe('Key of the one endpoint of that source, as in its id. Default: every endpoint of it.'),
  selector: selector(),
}

/** Whose models labels name. */
export const registryOption = () =>
  sourceReference('registry')
    .optional()
    .describe('Id of the source whose models the label names. Default: not stated, so that equal names are guesses.')

/** How labels name a registered model. */
export interface Naming {
  readonly registry: string | undefined
  /** The first of these labels that is there. */
  readonly model: readonly string[]
  readonly version: readonly string[]
}

/** The registered model that labels name, or tags; null: they name none. Only a stated registry makes it more than a guess. */
export function namedModel(
  labels: Readonly<Record<string, string>>,
  { registry, model, version }: Naming,
  word: 'label' | 'tag' = 'label',
): NamedModel | null {
  const name = firstOf(labels, model)
  if (!name) return null
  const number = firstOf(labels, version)
  const method = registry === undefined ? 'GUESSED' : 'MATCHED'
  const evidence = [name, ...(number ? [number] : [])].map(({ key, value }) => `${word} ${key} = ${value}`).join(', ')
  return {
    registry: registry ?? null,
    modelName: name.value,
    modelVersion: number?.value ?? null,
    link: { method, confidence: trust[method], evidence },
  }
}

function firstOf(labels: Readonly<Record<string, string>>, keys: readonly string[]) {
  for (const key of keys) {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined
    // To Prometheus, an empty label is none.
    if (value) return { key, value }
  }
  return undefined
}
