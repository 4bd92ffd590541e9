import { LRUCache } from 'lru-cache'
import { withoutCredentials } from './address.ts'
import type { Link } from './common.generated.ts'
import type { Config } from './config/schema.ts'
import { makeId } from './ids.ts'

/** A dataset's name as OpenLineage has it. */
export interface DatasetKey {
  readonly namespace: string
  readonly name: string
}

/** A dataset under its OpenLineage name, and what it was made from. */
export interface DatasetName extends DatasetKey {
  /** In words: which address led to it. */
  readonly evidence: string
}

/** Stores whose addresses are namespace (scheme and authority) and name (path), as OpenLineage's naming specification has it. */
const STORES = ['s3', 'gs', 'abfss', 'wasbs', 'hdfs', 'dbfs', 'http', 'https']

/** Spellings of one store: Spark's and Hadoop's clients write s3a and s3n, drivers postgresql. */
const SPELLINGS: Readonly<Record<string, string>> = {
  ...{ s3a: 's3', s3n: 's3', gcs: 'gs', abfs: 'abfss', wasb: 'wasbs' },
  ...{ postgresql: 'postgres', sqlserver: 'mssql' },
}

/** Databases whose namespace names the port (`{scheme}://{host}:{port}`), and the port that is left out when it is this one. */
const PORTS: Readonly<Record<string, string>> = {
  ...{ postgres: '5432', mysql: '3306', mssql: '1433', oracle: '1521', db2: '50000', teradata: '1025' },
  ...{ redshift: '5439', hive: '10000', cassandra: '9042', kafka: '9092' },
}

/** Ports that are never written. */
const SILENT_PORTS: Readonly<Record<string, string>> = { http: '80', https: '443' }

/**
 * The one spelling of a name: scheme and host in lower case, one scheme for one store, the port named where the store's
 * rule names it, no slashes around a path. Case of the name itself counts, except in Snowflake, which folds what is not
 * quoted to upper case while its clients write either.
 */
export function normalName({ namespace, name }: DatasetKey): DatasetKey {
  const [, scheme, authority = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*?)\/*$/i.exec(namespace) ?? []
  if (scheme === undefined) return { namespace, name }
  const store = storeOf(scheme)
  return { namespace: `${store}://${authorityOf(store, authority.toLowerCase())}`, name: nameIn(store, name) }
}

function storeOf(scheme: string): string {
  const written = scheme.toLowerCase()
  return SPELLINGS[written] ?? written
}

function authorityOf(store: string, authority: string): string {
  const silent = SILENT_PORTS[store]
  if (silent !== undefined) return authority.replace(new RegExp(`:${silent}$`), '')
  const port = PORTS[store]
  return port === undefined || authority === '' || /:\d+$/.test(authority) ? authority : `${authority}:${port}`
}

function nameIn(store: string, name: string): string {
  if (STORES.includes(store)) return name.replace(/^\/+|\/+$/g, '')
  return store === 'snowflake' ? name.toUpperCase() : name
}

/** Whether a name says where the data lies, and not only what a tool calls it. */
export const isPlace = ({ namespace }: DatasetKey): boolean => STORES.includes(namespace.split('://', 1)[0] ?? '')

/** The id of the dataset of that name, however it is spelt. */
export function datasetId(key: DatasetKey): string {
  const { namespace, name } = normalName(key)
  return makeId('Dataset', namespace, name)
}

/**
 * The OpenLineage name of what lies at an address; undefined: the address has none. A path on a disk has none either: it
 * says nothing without the machine. Case matters, except in scheme and host.
 */
export function datasetNameOf(address: string): DatasetName | undefined {
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.+)$/i.exec(address) ?? []
  const store = storeOf(scheme)
  if (!STORES.includes(store)) return undefined
  const plain = withoutCredentials(`${store}://${rest}`)
  const [, authority = '', path = ''] = /^[^:]+:\/\/([^/]+)\/+(.*?)\/*$/.exec(plain) ?? []
  if (authority === '' || path === '') return undefined
  return { ...normalName({ namespace: `${store}://${authority}`, name: path }), evidence: `read from ${plain}` }
}

/** Stores whose names have two levels: OpenMetadata makes up a database called `default` above them. */
const TWO_LEVELS = ['mysql', 'hive', 'cassandra']

/** The parts of one of OpenMetadata's fully qualified names. One with a dot stands in quotes, a quote in it twice. */
export function openMetadataParts(fqn: string): string[] {
  return [...fqn.matchAll(/"((?:[^"]|"")*)"|[^.]+/g)].map(([part, quoted]) => quoted?.replaceAll('""', '"') ?? part)
}

/** A part as it stands in one of OpenMetadata's fully qualified names. */
export function openMetadataPart(part: string): string {
  return /[."]/.test(part) ? `"${part.replaceAll('"', '""')}"` : part
}

/**
 * The OpenLineage name of a table by OpenMetadata's fully qualified one, `service.database.schema.table`, in which a part
 * with a dot stands in quotes. `services` tells the namespace of each service; what is in one that it does not name goes
 * by a namespace that nobody else uses.
 */
export function openMetadataName(fqn: string, services: Readonly<Record<string, string>>): DatasetKey {
  const [service = '', ...levels] = openMetadataParts(fqn)
  const namespace = Object.hasOwn(services, service) ? services[service] : undefined
  if (namespace === undefined) return { namespace: `openmetadata:${service}`, name: levels.join('.') }
  const flat = TWO_LEVELS.includes(storeOf(namespace.split('://', 1)[0] ?? '')) && levels[0] === 'default'
  return normalName({ namespace, name: (flat ? levels.slice(1) : levels).join('.') })
}

/** A dataset, and how it was recognised. */
interface Recognised {
  readonly key: DatasetKey
  readonly link: Link
}

/** What a run recorded of a dataset that it read. */
export interface InputName {
  readonly name: string
  /** An address, a path, or the name of a table. null: not recorded. */
  readonly location: string | null
}

/** What MLflow calls every dataset to which nobody gave a name. */
const NAMELESS = 'dataset'

/**
 * The bare name by which a dataset can be guessed that has no place: the table that the run says it read, else what it
 * called the data. In lower case; undefined: there is none that says anything.
 */
export function bareName({ name, location }: InputName): string | undefined {
  const table = location !== null && !/[/\\\s]/.test(location) ? location : name
  const bare = table.replaceAll(/["`]/g, '').toLowerCase()
  return bare === '' || bare === NAMELESS ? undefined : bare
}

/** Why a dataset is guessed to be the one of a bare name. */
export function guessOf(name: string): Link {
  const evidence = `the run recorded no place, and this is the only dataset of all catalogs that is called ${name}`
  return { method: 'GUESSED', confidence: 0.3, evidence }
}

/** How names and places that tools write become datasets, as the configuration adds to it (`datasets`). */
export interface DatasetNaming {
  /** The dataset at a place as somebody recorded it, and how it was recognised; undefined: none has such a place. */
  at(location: string): Recognised | undefined
  /** The dataset that a run read: by its place, else as the configuration says of what the run called it. */
  read(input: InputName): Recognised | undefined
  /** What a name is called here: as configured, else in its one spelling. */
  canonical(key: DatasetKey): DatasetKey
}

/** Places whose datasets are remembered: less than 5 MB. */
const MAX_LOCATIONS = 10_000

export function createDatasetNaming(statements: Config['datasets']): DatasetNaming {
  const byInput = new Map(statements.flatMap(({ input, is }) => (input === undefined ? [] : [[input, is]])))
  const byLocation = new Map(statements.flatMap(({ location, is }) => (location === undefined ? [] : [[location, is]])))
  const byName = new Map(statements.flatMap(({ named, is }) => (named ? [[datasetId(named), normalName(is)]] : [])))
  const canonical = (key: DatasetKey) => byName.get(datasetId(key)) ?? normalName(key)
  const find: DatasetNaming['at'] = (location) => {
    const stated = byLocation.get(location)
    if (stated) {
      const evidence = `the configuration says which dataset ${withoutCredentials(location)} is`
      return { key: canonical(stated), link: { method: 'CONFIGURED', confidence: 1, evidence } }
    }
    const found = datasetNameOf(location)
    return found && { key: canonical(found), link: { method: 'MATCHED', confidence: 0.9, evidence: found.evidence } }
  }
  // The same few places stand in most runs, and are asked for again with each page of them.
  const found = new LRUCache<string, { readonly named: ReturnType<typeof find> }>({ max: MAX_LOCATIONS })
  const naming: DatasetNaming = {
    canonical,
    read({ name, location }) {
      const placed = location === null ? undefined : naming.at(location)
      const stated = placed ? undefined : byInput.get(name)
      if (!stated) return placed
      const evidence = `the configuration says which dataset runs call ${name}`
      return { key: canonical(stated), link: { method: 'CONFIGURED', confidence: 1, evidence } }
    },
    at(location) {
      const known = found.get(location)
      if (known) return known.named
      const named = find(location)
      found.set(location, { named })
      return named
    },
  }
  return naming
}
