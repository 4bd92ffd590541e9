import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { type DatasetKey, datasetId } from '#lib/dataset-name.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { sorted } from '#lib/page.ts'
import { incompleteOf } from '#lib/reading.ts'
import { type ApplicationEntry, type Applications, byApplicationName, type ThingReference } from './applications.ts'
import { type Catalog, neighboursKey } from './catalog.ts'
import type { Catalogs } from './catalogs.ts'
import type { DatasetView } from './dataset-view.ts'
import type { LineageEnd, NeighboursQuestion } from './port.ts'

/** One of the things that a catalog names, and the reason. */
interface Neighbour {
  readonly catalog: Catalog
  readonly end: LineageEnd
  readonly link: Link
}

/** What catalogs say stands on a thing, or under it. */
interface Neighbours {
  readonly found: readonly Neighbour[]
  readonly incomplete: readonly Incomplete[]
}

/** A thing as one catalog can be asked for it. */
interface Start {
  readonly catalog: Catalog
  readonly of: NeighboursQuestion['of']
}

/** A dataset under each name by which a catalog that tells applications has it. */
export function startsOfDataset({ records }: DatasetView): Start[] {
  return records.flatMap(({ catalog, record }) =>
    catalog.neighbours ? [{ catalog, of: { type: 'dataset', address: record.address } }] : [],
  )
}

/** A model by its id, at each catalog that tells applications. */
export function startsOfModel(id: string, { all }: Catalogs): Start[] {
  const [registry = '', name = ''] = parseId(id)?.parts ?? []
  return all.flatMap((catalog) => (catalog.neighbours ? [{ catalog, of: { type: 'model', registry, name } }] : []))
}

/** Asks catalogs for what is next to a thing. Applications that it finds have guards of their own; nothing else has. */
async function ask(
  starts: readonly Start[],
  direction: NeighboursQuestion['direction'],
  context: RequestContext,
): Promise<Neighbours> {
  const answers = await Promise.all(
    starts.map(async ({ catalog, of }): Promise<Neighbours> => {
      const [reading] = (await catalog.neighbours?.readMany([neighboursKey({ of, direction })], context)) ?? []
      const failure = reading?.value === undefined ? reading?.failure : undefined
      return {
        found: (reading?.value ?? []).map((end) => ({ catalog, end, link: linkOf(catalog.id, end) })),
        incomplete: failure ? [incompleteOf(failure, 'what its lineage says is next to this')] : [],
      }
    }),
  )
  return {
    found: answers.flatMap(({ found }) => found),
    incomplete: answers.flatMap(({ incomplete }) => incomplete),
  }
}

/** The same of catalogs that the caller may see as such, since the names of datasets and models are told. */
async function askSeen(
  starts: readonly Start[],
  direction: NeighboursQuestion['direction'],
  { access }: Catalogs,
  context: RequestContext,
): Promise<Neighbours> {
  const guarded = starts.map((start) => ({ ...start, source: start.catalog.id }))
  const { seen, incomplete: hidden } = access.visibleOf(context.caller, guarded)
  const { found, incomplete } = await ask(seen, direction, context)
  return { found, incomplete: [...hidden, ...incomplete] }
}

function linkOf(source: string, end: LineageEnd): Link {
  if (end.type !== 'model') return { method: 'DECLARED', confidence: 0.9, evidence: `${source} says so` }
  const evidence = `${source} says so of the ${end.basis}, which the configuration says is one of ${end.registry}`
  return { method: 'MATCHED', confidence: 0.9, evidence }
}

/** What stands on a thing: as stated of its ids, and as catalogs say. */
export async function applicationsOn(
  ids: readonly string[],
  starts: readonly Start[],
  applications: Applications,
  context: RequestContext,
): Promise<{ nodes: { application: ApplicationEntry; link: Link }[]; incomplete: Incomplete[] }> {
  const { indexes, stated, incomplete: missing } = await applications.known(context)
  // Where a catalog is known to have no applications, none can stand on anything.
  const open = starts.filter(({ catalog }) => indexes.get(catalog.id)?.byAddress.size !== 0)
  const { found, incomplete } = await ask(open, 'downstream', context)
  const links = new Map(stated(ids).flatMap((one) => (one.stated ? [[one, one.stated.link] as const] : [])))
  const unlisted: Incomplete[] = []
  for (const { catalog, end, link } of found) {
    if (end.type !== 'application') continue
    const index = indexes.get(catalog.id)
    const application = index?.byAddress.get(end.address)
    if (application) links.set(application, link)
    // Else it is told already that its applications could not be read, or not all.
    else if (index && index.incomplete.length === 0) unlisted.push(notListed(catalog.id))
  }
  const { seen, incomplete: hidden } = applications.seen([...links.keys()], context)
  const nodes = sorted(seen, byApplicationName).flatMap((application) => {
    const link = links.get(application)
    return link ? [{ application, link }] : []
  })
  return { nodes, incomplete: onePerSource([...missing, ...incomplete, ...unlisted, ...hidden]) }
}

/** Models that catalogs say are made from a dataset. */
export async function modelsFrom(dataset: DatasetView, catalogs: Catalogs, context: RequestContext) {
  const { found, incomplete } = await askSeen(startsOfDataset(dataset), 'downstream', catalogs, context)
  const { models, unmatched } = modelsIn(found)
  const missing = silentOf(dataset.incomplete, catalogs)
  return {
    nodes: models.map(({ thing, link }) => ({ model: thing, link })),
    incomplete: onePerSource([...missing, ...incomplete, ...unmatched]),
  }
}

/** Datasets that catalogs say a model is made from. */
export async function datasetsOf(id: string, catalogs: Catalogs, context: RequestContext) {
  const { found, incomplete } = await askSeen(startsOfModel(id, catalogs), 'upstream', catalogs, context)
  const nodes = await datasetsIn(found, catalogs, context)
  return { nodes, incomplete: onePerSource(incomplete) }
}

/** What an application stands on: as stated with it, or as its catalog says. */
export async function dependenciesOf(application: ApplicationEntry, catalogs: Catalogs, context: RequestContext) {
  const { stated, told } = application
  if (stated || !told) {
    const { things = [], datasets = [], link } = stated ?? {}
    // A dataset is known by another name, maybe, than the one it is stated by.
    const views = await Promise.all(datasets.map((key) => catalogs.dataset(key, context)))
    const all = [...things, ...views.map(referenceTo)]
    return { nodes: link ? all.map((thing) => ({ thingId: thing.id, thing, link })) : [], incomplete: [] }
  }
  const { catalog, address } = told
  const start: Start = { catalog, of: { type: 'application', address } }
  const { found, incomplete } = await askSeen([start], 'upstream', catalogs, context)
  const { models, unmatched } = modelsIn(found)
  const datasets = await datasetsIn(found, catalogs, context)
  const things = [...models, ...datasets.map(({ dataset, link }) => ({ thing: referenceTo(dataset), link }))]
  return {
    nodes: things.map(({ thing, link }) => ({ thingId: thing.id, thing, link })),
    incomplete: [...incomplete, ...unmatched],
  }
}

const referenceTo = (view: DatasetView) => ({ ...view, __typename: 'Dataset' as const })

function modelsIn(found: readonly Neighbour[]) {
  const models = new Map<string, { thing: ThingReference; link: Link }>()
  const unmatched: Incomplete[] = []
  for (const { catalog, end, link } of found) {
    if (end.type !== 'model') continue
    if (end.registry === null) {
      unmatched.push(notMatched(catalog.id, end.basis))
      continue
    }
    const id = makeId('Model', end.registry, end.name)
    if (!models.has(id)) models.set(id, { thing: { __typename: 'Model', id }, link })
  }
  return { models: [...models.values()], unmatched }
}

async function datasetsIn(found: readonly Neighbour[], catalogs: Catalogs, context: RequestContext) {
  const keys = new Map<string, { key: DatasetKey; link: Link }>()
  for (const { end, link } of found) {
    if (end.type === 'dataset' && !keys.has(datasetId(end))) keys.set(datasetId(end), { key: end, link })
  }
  return Promise.all(
    [...keys.values()].map(async ({ key, link }) => ({ dataset: await catalogs.dataset(key, context), link })),
  )
}

/** Of catalogs that could not be asked for a dataset, those that could have named what is next to it. */
export function silentOf(missing: readonly Incomplete[], catalogs: Catalogs): Incomplete[] {
  return missing.filter(({ source }) => source != null && catalogs.byId(source)?.neighbours !== undefined)
}

/** A source that is silent in several ways is told once for each reason. */
export function onePerSource(all: readonly Incomplete[]): Incomplete[] {
  const told = new Set<string>()
  return all.filter(({ source, reason, message }) => {
    const silent = source != null && reason !== 'UNMATCHED' && reason !== 'FORBIDDEN'
    const key = silent ? JSON.stringify([source, reason]) : message
    const first = !told.has(key)
    told.add(key)
    return first
  })
}

function notListed(source: string): Incomplete {
  const message = `${source} says that something stands on this which it does not list (yet): ask again later.`
  return { source, reason: 'UNMATCHED', message, count: 1 }
}

function notMatched(source: string, basis: string): Incomplete {
  const message = `${source} names the ${basis}, and the configuration does not say in which registry that is: add the service to modelServices of ${source}.`
  return { source, reason: 'UNMATCHED', message, count: 1 }
}
