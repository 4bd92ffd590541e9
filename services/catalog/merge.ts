import type { Link } from '#lib/common.generated.ts'
import { type DatasetKey, type DatasetNaming, datasetId, isPlace, normalName } from '#lib/dataset-name.ts'
import { type Order, sorted } from '#lib/page.ts'
import type { CatalogIndex, RecordEntry } from './catalog-index.ts'

/** A dataset once, with what every catalog says of it. */
export interface DatasetEntry extends DatasetKey {
  readonly id: string
  readonly aliases: readonly AliasEntry[]
  /** In the order of the configuration's sources. Empty: no catalog knows it. */
  readonly records: readonly RecordEntry[]
}

/** Another name of a dataset. */
interface AliasEntry extends DatasetKey {
  /** Id of the source that says so; null: the configuration. */
  readonly source: string | null
  readonly link: Link
}

/** All datasets of all catalogs. */
export interface MergedDatasets {
  /** By namespace and name. */
  readonly datasets: readonly DatasetEntry[]
  /** The dataset of that name, in any spelling and under any of its names; one without records where no catalog knows it. */
  find(key: DatasetKey): DatasetEntry
  /** Other datasets of the same name, in other namespaces. */
  alike(dataset: DatasetKey & { readonly id: string }): readonly DatasetEntry[]
  /** Datasets that are called so: as a whole, or by the last parts of a name that has dots. In lower case, as `bareName`. */
  called(name: string): readonly DatasetEntry[]
  /** The names by which `called` finds this dataset alone. */
  soleNames(dataset: { readonly id: string }): readonly string[]
}

export const byDatasetName: Order<DatasetKey> = {
  name: 'NAME',
  keys: ({ namespace, name }) => [namespace, name],
}

/** A name of some dataset, and what else is the same. */
interface Name {
  readonly id: string
  readonly key: DatasetKey
  readonly records: RecordEntry[]
  readonly aliases: AliasEntry[]
}

/**
 * Puts together what is one dataset: equal names in their one spelling, and names that a catalog or the configuration says
 * are the same. It goes by the place of its data where one of its names is a place, since that is what runs record.
 */
export function mergeCatalogs(indexes: readonly CatalogIndex[], naming: DatasetNaming): MergedDatasets {
  const names = new Map<string, Name>()
  const parents = new Map<string, string>()
  const nameOf = (key: DatasetKey): Name => {
    const id = datasetId(key)
    const known = names.get(id) ?? { id, key: normalName(key), records: [], aliases: [] }
    names.set(id, known)
    return known
  }
  const root = (id: string): string => {
    let top = id
    for (let next = parents.get(top); next !== undefined; next = parents.get(top)) top = next
    return top
  }
  const join = (one: Name, other: Name) => {
    const [a, b] = [root(one.id), root(other.id)]
    if (a !== b) parents.set(b, a)
  }

  for (const record of indexes.flatMap(({ records }) => records)) {
    const own = nameOf(record.record)
    own.records.push(record)
    for (const { evidence, ...alias } of record.record.aliases) {
      const other = nameOf(alias)
      const link: Link = { method: 'DECLARED', confidence: 0.9, evidence: `${record.source}: ${evidence}` }
      other.aliases.push({ ...other.key, source: record.source, link })
      join(own, other)
    }
  }
  for (const name of [...names.values()]) {
    const canonical = naming.canonical(name.key)
    if (datasetId(canonical) === name.id) continue
    const evidence = `the configuration says that ${name.key.namespace} ${name.key.name} is this`
    name.aliases.push({ ...name.key, source: null, link: { method: 'CONFIGURED', confidence: 1, evidence } })
    join(nameOf(canonical), name)
  }

  const groups = Map.groupBy(names.values(), ({ id }) => root(id))
  const order = new Map(indexes.map(({ catalog }, i) => [catalog.id, i]))
  const entryByName = new Map<string, DatasetEntry>()
  const datasets: DatasetEntry[] = []
  for (const group of groups.values()) {
    const entry = entryOf(group, naming, order)
    for (const { id } of group) entryByName.set(id, entry)
    if (entry.records.length > 0) datasets.push(entry)
  }
  const byName = Map.groupBy(datasets, nameKey)
  const bearers = once(() => bearersOf(datasets))
  const soleNames = once(() => {
    const sole = [...bearers()].flatMap(([name, [entry, ...others]]) =>
      entry && others.length === 0 ? [{ name, id: entry.id }] : [],
    )
    const groups = [...Map.groupBy(sole, ({ id }) => id)]
    return new Map(groups.map(([id, group]) => [id, group.map(({ name }) => name)]))
  })
  return {
    datasets: sorted<DatasetEntry>(datasets, byDatasetName),
    find: (key) => entryByName.get(datasetId(naming.canonical(key))) ?? unknownDataset(naming.canonical(key)),
    called: (name) => bearers().get(name) ?? [],
    soleNames: (dataset) => soleNames().get(dataset.id) ?? [],
    alike: (dataset) => (byName.get(nameKey(dataset)) ?? []).filter(({ id }) => id !== dataset.id),
  }
}

/** Made when first needed: most questions need no names. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function bearersOf(datasets: readonly DatasetEntry[]): ReadonlyMap<string, readonly DatasetEntry[]> {
  const bearers = new Map<string, DatasetEntry[]>()
  for (const dataset of datasets) {
    const { aliases, records } = dataset
    const names = [dataset, ...aliases, ...records.map(({ record }) => record)].map(({ name }) => name)
    const shown = records.flatMap(({ record }) => record.displayName ?? [])
    for (const name of new Set([...names, ...shown].flatMap(bareNames))) {
      const known = bearers.get(name)
      if (known) known.push(dataset)
      else bearers.set(name, [dataset])
    }
  }
  return bearers
}

/** A name and its last parts: `a.b.c`, `b.c`, `c`. A path is one name. */
function bareNames(name: string): string[] {
  const bare = name.replaceAll(/["`]/g, '').toLowerCase()
  if (bare.includes('/')) return [bare]
  const parts = bare.split('.')
  return parts.map((_, i) => parts.slice(i).join('.'))
}

const nameKey = ({ name }: DatasetKey): string => name.toLowerCase()

function unknownDataset(key: DatasetKey): DatasetEntry {
  return { ...normalName(key), id: datasetId(key), aliases: [], records: [] }
}

function entryOf(group: readonly Name[], naming: DatasetNaming, order: ReadonlyMap<string, number>): DatasetEntry {
  const main = mainOf(group, naming)
  const rank = ({ source }: RecordEntry) => order.get(source) ?? 0
  const records = group.flatMap((name) => name.records).toSorted((a, b) => rank(a) - rank(b))
  const aliases = group.filter(({ id }) => id !== main.id).flatMap((name) => name.aliases[0] ?? declaredBy(main, name))
  return { ...main.key, id: main.id, aliases, records }
}

/** What the configuration calls it; else a place, of which one that a catalog uses as its own name comes first; else the first. */
function mainOf(group: readonly Name[], naming: DatasetNaming): Name {
  const configured = group.find(({ aliases }) => aliases.some(({ source }) => source === null))
  const wanted = configured && datasetId(naming.canonical(configured.key))
  const places = group.filter(({ key }) => isPlace(key))
  const found =
    group.find(({ id }) => id === wanted) ?? places.find(({ records }) => records.length > 0) ?? places[0] ?? group[0]
  if (!found) throw new Error('a group of names has at least one')
  return found
}

/** The name under which a catalog has what it says lies at the main one. */
function declaredBy(main: Name, name: Name): AliasEntry[] {
  const source = name.records[0]?.source
  if (source === undefined) return []
  const said = main.aliases.find((alias) => alias.source === source)?.link
  const link = said ?? { method: 'DECLARED' as const, confidence: 0.9, evidence: `${source} says that they are one` }
  return [{ ...name.key, source, link }]
}
