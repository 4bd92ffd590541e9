import type { JobSpec, Key } from './spec.ts'
import { findDataset, type Store, same } from './store.ts'
import { graphDataset, graphJob } from './wire.ts'

/** An edge as a node lists it. */
interface Edge {
  origin: string
  destination: string
}

/**
 * The graph around a node. `depth` counts jobs: 0 is the seed, the job asked for, or the one that makes the dataset (or
 * reads it, where none makes it); each step adds the jobs that share a dataset with one in the graph. Datasets are those of
 * the jobs, edges those between what is in the graph.
 */
export function lineageGraph(store: Store, seed: JobSpec, depth: number): object[] {
  const jobs = new Set([seed])
  for (let step = 0; step < depth; step += 1) {
    const touched = [...jobs].flatMap(datasetsOf)
    const next = store.jobs.filter(
      (job) => !jobs.has(job) && datasetsOf(job).some((key) => touched.some((one) => same(one, key))),
    )
    if (next.length === 0) break
    for (const job of next) jobs.add(job)
  }
  const edges = [...jobs].flatMap(edgesOf)
  const datasets = new Map([...jobs].flatMap(datasetsOf).map((key) => [datasetNode(key), key]))
  const nodes = [
    ...[...datasets].map(([id, key]) => ({
      id,
      type: 'DATASET',
      data: graphDataset(findDataset(store, key) ?? unknown(key)),
    })),
    ...[...jobs].map((job) => ({ id: jobNode(job), type: 'JOB', data: graphJob(job) })),
  ]
  return nodes
    .map((node) => ({
      ...node,
      inEdges: edges.filter(({ destination }) => destination === node.id).sort(byOrigin),
      outEdges: edges.filter(({ origin }) => origin === node.id).sort(byDestination),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** A dataset that no job reads or writes, alone. */
export function loneDataset(key: Key, store: Store): object[] {
  const dataset = findDataset(store, key)
  if (!dataset) return []
  return [{ id: datasetNode(dataset), type: 'DATASET', data: graphDataset(dataset), inEdges: [], outEdges: [] }]
}

/** The job that makes a dataset, else the first that reads it. */
export function seedOf({ jobs }: Store, key: Key): JobSpec | undefined {
  const among = (keys: readonly Key[] = []) => keys.some((one) => same(one, key))
  return jobs.find(({ outputs }) => among(outputs)) ?? jobs.find(({ inputs }) => among(inputs))
}

const datasetNode = ({ namespace, name }: Key): string => `dataset:${namespace}:${name}`
export const jobNode = ({ namespace, name }: Key): string => `job:${namespace}:${name}`
const datasetsOf = ({ inputs = [], outputs = [] }: JobSpec): Key[] => [...inputs, ...outputs]

/** Whether a text addresses that node; the parts cannot be told apart by colons. */
export const isDatasetNode = (text: string, key: Key): boolean => text === datasetNode(key)

function edgesOf(job: JobSpec): Edge[] {
  const { inputs = [], outputs = [] } = job
  return [
    ...inputs.map((key) => ({ origin: datasetNode(key), destination: jobNode(job) })),
    ...outputs.map((key) => ({ origin: jobNode(job), destination: datasetNode(key) })),
  ]
}

const byOrigin = (a: Edge, b: Edge): number => (a.origin < b.origin ? -1 : 1)
const byDestination = (a: Edge, b: Edge): number => (a.destination < b.destination ? -1 : 1)

/** A job can name a dataset that nobody described. */
const unknown = (key: Key) => ({ ...key, createdAt: '1970-01-01T00:00:00Z' })
