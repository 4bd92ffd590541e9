import { readFileSync } from 'node:fs'
import type { DatasetSpec, JobSpec, MarquezData } from '#demo/marquez/index.ts'

export const FIXTURES = new URL('../../../demo/marquez/fixtures/marquez-0.51.2-snapshot/', import.meta.url)

// biome-ignore lint/suspicious/noExplicitAny: recorded answers of many forms
const body = (file: string): any => JSON.parse(readFileSync(new URL(`${file}.json`, FIXTURES), 'utf8')).body

/** What the recorded Marquez held, as far as the recordings tell: each dataset and job as it was answered by itself. */
export function recordedData(): MarquezData {
  const graphs = [...body('22-lineage-depth-1').graph, ...body('48-lineage-by-symlink-name').graph]
  const single = [
    ...body('07-datasets-of-namespace').datasets,
    ...['08-dataset', '11-dataset-weird-name', '59-dataset-delete'].map(body),
  ]
  const ofType = (type: string) => graphs.filter((node) => node.type === type).map(({ data }) => data)
  const unique = <T extends { namespace: string; name: string }>(list: readonly T[]): T[] => [
    ...new Map(list.toReversed().map((one) => [`${one.namespace} ${one.name}`, one])).values(),
  ]
  const { versions } = body('13-dataset-versions')
  const orphan = body('26-lineage-of-job').graph[0].data
  return {
    namespaces: body('05-namespaces').namespaces,
    datasets: unique<DatasetSpec>([...single, ...ofType('DATASET')]).map((dataset) =>
      dataset.name === versions[0].name ? { ...dataset, versions } : dataset,
    ),
    jobs: unique<JobSpec>([...ofType('JOB'), orphan]),
  }
}

/** A job as it was answered by name, which is another state of it than that of the graphs. */
export const recordedJob = (file: string): MarquezData => {
  const job = body(file)
  return { namespaces: body('05-namespaces').namespaces, jobs: [{ ...job, details: job }] }
}
