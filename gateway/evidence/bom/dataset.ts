import { type Spot, textOf } from '../answer.ts'
import { type Component, type Contact, iriOf, propertiesOf, unlessEmpty } from './format.ts'

/** The data that a run read, as a component. One that no tool recognises is named after the run and its place there. */
export function dataComponent(input: Spot, run: string, at: number): Component & { readonly 'bom-ref': string } {
  const dataset = input.get('dataset')
  const text = (name: string) => textOf(dataset.get(name))
  const recorded = textOf(input.get('name')) ?? ''
  const name = text('displayName') ?? text('name') ?? recorded
  const location = textOf(input.get('location'))
  const url = iriOf(location)
  const classified = dataset.get('columns').items.flatMap((column) => {
    const kinds = column.get('classifications').items.flatMap((one) => textOf(one) ?? [])
    return kinds.length === 0 ? [] : [`${textOf(column.get('name')) ?? ''}: ${kinds.join(', ')}`]
  })
  const kinds = dataset.get('classifications').items.flatMap((one) => textOf(one) ?? [])
  const owners = dataset.get('owners').items.flatMap(contact)
  const about = propertiesOf({
    'dataset:recorded-name': recorded,
    'dataset:digest': textOf(input.get('digest')),
    'dataset:location': url === undefined ? location : undefined,
    'dataset:link': linkText(input.get('link')),
    'dataset:quality': textOf(dataset.get('quality', 'status')),
  })
  const description = text('description')
  return {
    type: 'data',
    'bom-ref': text('id') ?? `${run}#input-${at}`,
    name,
    ...(description !== undefined && { description }),
    data: [
      {
        ...{ type: 'dataset', name },
        contents: { ...(url !== undefined && { url }), properties: about },
        ...(kinds.length > 0 && { classification: kinds.join(', ') }),
        ...unlessEmpty('sensitiveData', classified),
        ...(owners.length > 0 && { governance: { owners } }),
      },
    ],
    ...unlessEmpty(
      'properties',
      dataset.incomplete.flatMap(({ source, reason, message }) =>
        propertiesOf({ incomplete: `${source ?? 'no single source'}: ${reason}. ${message}` }),
      ),
    ),
  }
}

function contact(owner: Spot): readonly Contact[] {
  const name = textOf(owner.get('name'))
  if (name === undefined) return []
  return [owner.get('kind').value === 'TEAM' ? { organization: { name } } : { contact: { name } }]
}

/** On what evidence two tools were joined, as one text; undefined: they were not. */
export function linkText(link: Spot): string | undefined {
  const [method, evidence] = [textOf(link.get('method')), textOf(link.get('evidence'))]
  if (method === undefined) return undefined
  return `${method}, confidence ${String(link.get('confidence').value)}: ${evidence ?? ''}`
}
