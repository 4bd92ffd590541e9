import type { Handler, Reply } from '../stand-in.ts'
import { isDatasetNode, jobNode, lineageGraph, loneDataset, seedOf } from './lineage.ts'
import type { JobSpec, Key } from './spec.ts'
import { aliasesOf, datasetsIn, findDataset, type Store, same } from './store.ts'
import { datasetWire, jobWire, versionsWire } from './wire.ts'

type Query = URLSearchParams

interface Route {
  method: string
  path: RegExp
  answer(store: Store, parts: string[], query: Query): Reply
}

/** Answers as Marquez 0.51.2 does. */
export function marquez(store: Store): Handler {
  return ({ method, path }) => {
    const [address = '', query = ''] = path.split(/\?(.*)/s, 2)
    for (const route of routes) {
      const found = route.method === method ? route.path.exec(address) : null
      if (found) return route.answer(store, found.slice(1).map(decodeURIComponent), new URLSearchParams(query))
    }
    return NOT_FOUND
  }
}

const routes: readonly Route[] = [
  {
    ...{ method: 'GET', path: /^\/api\/v1\/namespaces$/ },
    answer: ({ namespaces }, _, query) =>
      paged(query, (from, to) => ({ namespaces: namespaces.slice(from, to).map(namespaceWire) })),
  },
  {
    // A deleted one answers all the same.
    ...{ method: 'GET', path: /^\/api\/v1\/namespaces\/([^/]+)$/ },
    answer: ({ namespaces }, [name = '']) =>
      found(
        namespaces.find((one) => one.name === name),
        namespaceWire,
        `Namespace '${name}'`,
      ),
  },
  {
    ...{ method: 'DELETE', path: /^\/api\/v1\/namespaces\/([^/]+)$/ },
    answer: (store, [name = '']) => {
      const namespace = store.namespaces.find((one) => one.name === name)
      if (!namespace) return missing(`Namespace '${name}'`)
      const answer = namespaceWire(namespace)
      namespace.isHidden = true
      remove(store.datasets, ({ namespace: one }) => one === name)
      remove(store.jobs, ({ namespace: one }) => one === name)
      return bare(answer)
    },
  },
  {
    ...{ method: 'GET', path: /^\/api\/v1\/namespaces\/([^/]+)\/datasets$/ },
    answer: (store, [namespace = ''], query) => {
      if (!store.namespaces.some(({ name }) => name === namespace)) return missing(`Namespace '${namespace}'`)
      const all = datasetsIn(store, namespace)
      return paged(query, (from, to) => ({
        totalCount: all.length,
        datasets: all.slice(from, to).map(({ key, dataset }) => datasetWire(dataset, key)),
      }))
    },
  },
  {
    ...{ method: 'GET', path: /^\/api\/v1\/namespaces\/([^/]+)\/datasets\/([^/]+)$/ },
    answer: (store, [namespace = '', name = '']) =>
      found(
        findDataset(store, { namespace, name }),
        (dataset) => datasetWire(dataset, { namespace, name }),
        `Dataset '${name}'`,
      ),
  },
  {
    ...{ method: 'GET', path: /^\/api\/v1\/namespaces\/([^/]+)\/datasets\/([^/]+)\/versions$/ },
    answer: (store, [namespace = '', name = ''], query) => {
      const dataset = findDataset(store, { namespace, name })
      if (!dataset) return missing(`Dataset '${name}'`)
      const all = versionsWire(dataset)
      return paged(query, (from, to) => ({ versions: all.slice(from, to), totalCount: all.length }))
    },
  },
  {
    // Soft: it is gone from every answer.
    ...{ method: 'DELETE', path: /^\/api\/v1\/namespaces\/([^/]+)\/datasets\/([^/]+)$/ },
    answer: (store, [namespace = '', name = '']) => {
      const dataset = findDataset(store, { namespace, name })
      if (!dataset) return missing(`Dataset '${name}'`)
      remove(store.datasets, (one) => one === dataset)
      return bare(datasetWire(dataset))
    },
  },
  {
    ...{ method: 'GET', path: /^\/api\/v1\/namespaces\/([^/]+)\/jobs\/([^/]+)$/ },
    answer: ({ jobs }, [namespace = '', name = '']) =>
      found(
        jobs.find((job) => same(job, { namespace, name })),
        jobWire,
        `Job '${name}'`,
      ),
  },
  { ...{ method: 'GET', path: /^\/api\/v1\/lineage$/ }, answer: (store, _, query) => lineage(store, query) },
]

function lineage(store: Store, query: Query): Reply {
  const nodeId = query.get('nodeId')
  if (nodeId === null) return refused('query param nodeId must not be null')
  const depth = Number(query.get('depth') ?? 20)
  if (!Number.isInteger(depth)) return NOT_FOUND
  if (nodeId.startsWith('job:')) {
    const job = store.jobs.find((one) => jobNode(one) === nodeId)
    return job ? graphFrom(store, job, depth) : missing(`Job '${nodeId.replace(/.*:/s, '')}'`)
  }
  if (!nodeId.startsWith('dataset:')) return NOT_FOUND
  const dataset = store.datasets.find((one) => [one, ...aliasesOf(one)].some((key) => isDatasetNode(nodeId, key)))
  if (!dataset) return missing(`Dataset '${nodeId.replace(/.*:/s, '')}'`)
  const seed = seedOf(store, dataset)
  return seed ? graphFrom(store, seed, depth) : json({ graph: loneDataset(dataset, store) })
}

const graphFrom = (store: Store, seed: JobSpec, depth: number): Reply =>
  json({ graph: lineageGraph(store, seed, depth) })

function paged(query: Query, page: (from: number, to: number) => object): Reply {
  const [limit, offset] = [Number(query.get('limit') ?? 100), Number(query.get('offset') ?? 0)]
  if (!Number.isInteger(limit) || !Number.isInteger(offset)) return NOT_FOUND
  if (limit < 0) return refused('query param limit must be greater than or equal to 0')
  if (offset < 0) return refused('query param offset must be greater than or equal to 0')
  return json(page(offset, offset + limit))
}

function namespaceWire({
  name,
  createdAt,
  updatedAt = createdAt,
  description = null,
  isHidden,
}: Store['namespaces'][number]) {
  return { name, createdAt, updatedAt, ownerName: 'anonymous', description, isHidden }
}

function found<T>(thing: T | undefined, wire: (thing: T) => object, what: string): Reply {
  return thing === undefined ? missing(what) : json(wire(thing))
}

function remove<T extends Key>(list: T[], which: (item: T) => boolean): void {
  list.splice(0, list.length, ...list.filter((item) => !which(item)))
}

const answer = (status: number, value: object, headers = {}): Reply => {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) }
}
const json = (value: object): Reply => answer(200, value, { vary: 'Accept-Encoding' })
/** What answers a DELETE is not compressed. */
const bare = (value: object): Reply => answer(200, value)
const missing = (what: string): Reply => answer(404, { code: 404, message: `${what} not found.` })
const refused = (error: string): Reply => answer(400, { errors: [error] })
/** Also where a number or an id is none: it cannot be told from what is absent. */
const NOT_FOUND = answer(404, { code: 404, message: 'HTTP 404 Not Found' })
