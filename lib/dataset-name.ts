import { withoutCredentials } from './address.ts'

/** A dataset under its OpenLineage name, and what it was made from. */
export interface DatasetName {
  readonly namespace: string
  readonly name: string
  /** In words: which address led to it. */
  readonly evidence: string
}

/** Stores whose addresses are namespace (scheme and authority) and name (path), as OpenLineage's naming specification has it. */
const STORES = ['s3', 'gs', 'abfss', 'wasbs', 'hdfs', 'dbfs', 'http', 'https']

/** Spellings of one store: Spark's and Hadoop's clients write s3a and s3n. */
const SPELLINGS: Readonly<Record<string, string>> = { s3a: 's3', s3n: 's3', gcs: 'gs', abfs: 'abfss', wasb: 'wasbs' }

/**
 * The OpenLineage name of what lies at an address; undefined: the address has none. A path on a disk has none either: it
 * says nothing without the machine. Case matters, except in scheme and host.
 */
export function datasetNameOf(address: string): DatasetName | undefined {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.+)$/i.exec(address) ?? []
  const written = scheme.toLowerCase()
  const store = SPELLINGS[written] ?? written
  if (!STORES.includes(store)) return undefined
  const plain = withoutCredentials(`${store}://${rest}`)
  const [, authority = '', path = ''] = /^[^:]+:\/\/([^/]+)\/+(.*?)\/*$/.exec(plain) ?? []
  if (authority === '' || path === '') return undefined
  return { namespace: `${store}://${authority}`, name: path, evidence: `read from ${plain}` }
}
