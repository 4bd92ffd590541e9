import type { DatasetSpec, JobSpec, Key, MarquezData, NamespaceSpec } from './spec.ts'

/** Everything, as it is looked up. */
export interface Store {
  readonly namespaces: (NamespaceSpec & { isHidden: boolean })[]
  readonly datasets: DatasetSpec[]
  readonly jobs: JobSpec[]
}

export function createStore({ namespaces = [], datasets = [], jobs = [] }: MarquezData): Store {
  const known = new Map(namespaces.map((one) => [one.name, one]))
  // A namespace exists as soon as something is in it, an alias too.
  for (const { namespace, createdAt, ...dataset } of datasets) {
    for (const name of [
      namespace,
      ...aliasesOf({ namespace, createdAt, ...dataset }).map((alias) => alias.namespace),
    ]) {
      if (!known.has(name)) known.set(name, { name, createdAt })
    }
  }
  for (const { namespace: name, createdAt } of jobs) if (!known.has(name)) known.set(name, { name, createdAt })
  const sorted = [...known.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { namespaces: sorted.map((one) => ({ ...one, isHidden: false })), datasets: [...datasets], jobs: [...jobs] }
}

export const same = (a: Key, b: Key): boolean => a.namespace === b.namespace && a.name === b.name

/** The other addresses of a dataset, by its `symlinks` facet. */
export function aliasesOf({ facets = {} }: DatasetSpec): readonly Key[] {
  const { identifiers = [] } = (facets.symlinks ?? {}) as { identifiers?: Key[] }
  return identifiers
}

/** A dataset by its name or an alias of it. */
export function findDataset({ datasets }: Store, key: Key): DatasetSpec | undefined {
  return (
    datasets.find((one) => same(one, key)) ?? datasets.find((one) => aliasesOf(one).some((alias) => same(alias, key)))
  )
}

/** What a namespace lists: its datasets, and aliases of others, by name. */
export function datasetsIn({ datasets }: Store, namespace: string): { key: Key; dataset: DatasetSpec }[] {
  return datasets
    .flatMap((dataset) => [dataset, ...aliasesOf(dataset)].map((key) => ({ key, dataset })))
    .filter(({ key }) => key.namespace === namespace)
    .sort((a, b) => (a.key.name < b.key.name ? -1 : 1))
}
