import { createHash } from 'node:crypto'
import type { DatasetInputSpec } from '../mlflow/spec.ts'

/** Files in an object store. */
export function s3(name: string, uri: string, rows: number): DatasetInputSpec {
  return dataset(name, 's3', { uri }, rows)
}

/** A version of a table in the lakehouse. */
export function table(name: string, version: number, rows: number): DatasetInputSpec {
  const source = {
    path: `s3://bank-lakehouse/${name.replaceAll('.', '/')}`,
    delta_table_name: name,
    delta_table_version: version,
  }
  return dataset(name, 'delta_table', source, rows)
}

/** A file that somebody publishes. */
export function web(name: string, url: string, rows: number): DatasetInputSpec {
  return dataset(name, 'http', { url }, rows)
}

/** A file on somebody's own computer. */
export function local(name: string, path: string, rows: number): DatasetInputSpec {
  return dataset(name, 'local', { uri: path }, rows)
}

/** The same dataset, used to evaluate. */
export function forEvaluation(of: DatasetInputSpec): DatasetInputSpec {
  return { ...of, tags: { 'mlflow.data.context': 'evaluation' } }
}

function dataset(name: string, sourceType: string, source: object, rows: number): DatasetInputSpec {
  const text = JSON.stringify(source)
  return {
    ...{ name, sourceType, source: text, profile: JSON.stringify({ num_rows: rows }) },
    // MLflow's own hash of the rows: the same for every use of one state of the data.
    digest: createHash('sha256').update(`${text} ${rows}`).digest('hex').slice(0, 8),
    tags: { 'mlflow.data.context': 'training' },
  }
}
