import { byCodePoint } from '#lib/order.ts'
import type { ModelFacts } from './port.ts'

/** What figures can be for. */
export type Grouping = 'OWNER' | 'DOMAIN' | 'SOURCE'

/** The names of the groups a model is in; null: the one of models of which it is not known. */
const groupsOf: Readonly<Record<Grouping, (facts: ModelFacts) => readonly (string | null)[]>> = {
  OWNER: ({ owners }) => (owners.length > 0 ? [...new Set(owners)] : [null]),
  DOMAIN: ({ domain }) => [domain],
  SOURCE: ({ source }) => [source],
}

/** Sorts things by the groups of their models: by name, those without one last. Without a grouping, all are one group. */
export function grouped<T extends { readonly facts: ModelFacts }>(
  things: readonly T[],
  by: Grouping | null,
): { readonly group: string | null; readonly members: readonly T[] }[] {
  if (by === null) return [{ group: null, members: things }]
  const groups = new Map<string | null, T[]>()
  for (const thing of things) {
    for (const group of groupsOf[by](thing.facts)) {
      const members = groups.get(group) ?? []
      groups.set(group, members)
      members.push(thing)
    }
  }
  return [...groups]
    .map(([group, members]) => ({ group, members }))
    .sort((a, b) =>
      a.group === null || b.group === null
        ? Number(a.group === null) - Number(b.group === null)
        : byCodePoint(a.group, b.group),
    )
}
