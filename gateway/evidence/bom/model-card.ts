import { type Spot, textOf } from '../answer.ts'
import type { Evidence, VersionInUse } from '../gather.ts'
import { type Component, type ModelCard, type Property, propertiesOf, unlessEmpty } from './format.ts'

/** Tags that say what a model does, such as classification: the standard has a field for it and registries have none. */
const TASK = ['task', 'mlflow.task', 'model.task']

/** The model card of a version: what registry and run recorded of it. */
export function modelCard(
  { model, applications }: Evidence,
  { told }: VersionInUse,
  datasets: readonly Component[],
): ModelCard {
  const task = tagOf(told, TASK) ?? tagOf(model, TASK)
  const purpose = textOf(model.get('purpose'))
  const users = applications.get('nodes').items.flatMap((use) => textOf(use.get('application', 'name')) ?? [])
  const parameters = {
    ...(task !== undefined && { task }),
    ...unlessEmpty(
      'datasets',
      unique(datasets.flatMap((one) => one['bom-ref'] ?? [])).map((ref) => ({ ref })),
    ),
    ...unlessEmpty('inputs', formats(told.get('signature', 'inputs'))),
    ...unlessEmpty('outputs', formats(told.get('signature', 'outputs'))),
  }
  const performanceMetrics = told.get('metrics').items.flatMap((metric) => {
    const [type, value, slice] = ['name', 'text', 'dataset'].map((name) => textOf(metric.get(name)))
    return type === undefined || value === undefined ? [] : [{ type, value, ...(slice !== undefined && { slice }) }]
  })
  return {
    modelParameters: parameters,
    ...(performanceMetrics.length > 0 && { quantitativeAnalysis: { performanceMetrics } }),
    ...((purpose !== undefined || users.length > 0) && {
      considerations: {
        ...unlessEmpty('users', unique(users)),
        ...unlessEmpty('useCases', purpose === undefined ? [] : [purpose]),
      },
    }),
    ...unlessEmpty('properties', [...hyperparameters(told), ...flavors(told)]),
  }
}

function formats(specs: Spot): { readonly format: string }[] {
  return specs.items.map((spec) => {
    const shape = spec.get('shape')
    const size = shape.value === null ? '' : ` [${shape.items.map((one) => String(one.value)).join(', ')}]`
    const name = textOf(spec.get('name'))
    return { format: `${name === undefined ? '' : `${name}: `}${textOf(spec.get('dataType')) ?? 'not known'}${size}` }
  })
}

function hyperparameters(told: Spot): Property[] {
  return told
    .get('parameters')
    .items.flatMap((one) => propertiesOf({ [`parameter:${textOf(one.get('key')) ?? ''}`]: textOf(one.get('value')) }))
}

const flavors = (told: Spot) => told.get('flavors').items.flatMap((one) => propertiesOf({ flavor: textOf(one) }))

function tagOf(spot: Spot, keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const tag = spot.get('tags').items.find((one) => one.get('key').value === key)
    const value = tag && textOf(tag.get('value'))
    if (value !== undefined) return value
  }
  return undefined
}

/** Each once: the standard refuses a list that names one thing twice. */
export const unique = (texts: readonly string[]): string[] => [...new Set(texts)]
