import type { TextMap } from '../store.ts'

/** A map in MLflow's form under its name; nothing when it is empty. */
export function pairsField(name: string, map: TextMap): object {
  return map.size === 0 ? {} : { [name]: [...map].map(([key, value]) => ({ key, value })) }
}

/** The same, sorted by key, as a logged model's are. */
export function sortedPairsField(name: string, map: TextMap): object {
  return pairsField(name, new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1))))
}

/** A list under its name; nothing when it is empty. */
export function listField(name: string, list: readonly unknown[]): object {
  return list.length === 0 ? {} : { [name]: list }
}
