import { describe, expect, it } from 'vitest'
import {
  createDatasetNaming,
  datasetId,
  datasetNameOf,
  isPlace,
  normalName,
  openMetadataName,
} from '#lib/dataset-name.ts'
import { runRecord } from '#services/models/mlflow/records.ts'
import { pages } from '#services/models/mlflow/wire.ts'

describe('the OpenLineage name of', () => {
  it.each([
    ['s3://warehouse/customers/part-0.parquet', 's3://warehouse', 'customers/part-0.parquet'],
    ['s3a://warehouse/customers/', 's3://warehouse', 'customers'],
    ['S3N://warehouse//customers', 's3://warehouse', 'customers'],
    ['gs://bucket/a b', 'gs://bucket', 'a b'],
    ['gcs://bucket/ä/%2F', 'gs://bucket', 'ä/%2F'],
    ['abfss://c@acc.dfs.core.windows.net/t', 'abfss://c@acc.dfs.core.windows.net', 't'],
    ['abfs://C@Acc.dfs.core.windows.net/T', 'abfss://c@acc.dfs.core.windows.net', 'T'],
    ['https://u:p@data.example/x.csv?sig=1', 'https://data.example', 'x.csv'],
    ['https://Data.example:443/x.csv', 'https://data.example', 'x.csv'],
    ['http://data.example:8080/x.csv', 'http://data.example:8080', 'x.csv'],
    ['hdfs://namenode:8020/data/t', 'hdfs://namenode:8020', 'data/t'],
    ['dbfs://workspace/t', 'dbfs://workspace', 't'],
  ])('%s is %s, %s', (address, namespace, name) => {
    expect(datasetNameOf(address)).toMatchObject({ namespace, name })
  })

  it.each([
    ...['/home/me/data.csv', 'C:\\data.csv', 'file:///data.csv', 'dbfs:/data', 's3://bucket', 's3:///key'],
    ...['table_name', 'main.churn.features', 'select * from t', 'jdbc:postgresql://h/db', '', 'javascript://x/y'],
  ])('%j does not exist', (address) => {
    expect(datasetNameOf(address)).toBeUndefined()
  })
})

describe('the one spelling of', () => {
  it.each([
    ['s3a://Lake/', '/a/b/', 's3://lake', 'a/b'],
    ['postgres://DB.example', 'p.public.T', 'postgres://db.example:5432', 'p.public.T'],
    ['postgresql://db.example:5432', 'p.public.t', 'postgres://db.example:5432', 'p.public.t'],
    ['postgres://db.example:6432', 'p.public.t', 'postgres://db.example:6432', 'p.public.t'],
    ['mysql://h', 'db.t', 'mysql://h:3306', 'db.t'],
    ['sqlserver://h', 'db.dbo.T', 'mssql://h:1433', 'db.dbo.T'],
    ['snowflake://ORG-Account', 'ml.features.txn', 'snowflake://org-account', 'ML.FEATURES.TXN'],
    ['unitycatalog://UC.example:8080', 'ML.Fraud.T', 'unitycatalog://uc.example:8080', 'ML.Fraud.T'],
    ['bigquery', 'Project.dataset.Table', 'bigquery', 'Project.dataset.Table'],
    ['file', '/data/x.csv', 'file', '/data/x.csv'],
    ['airflow-Prod', '__proto__', 'airflow-Prod', '__proto__'],
    ['kafka://broker', 'topic', 'kafka://broker:9092', 'topic'],
  ])('%s %s is %s %s', (namespace, name, normalNamespace, normal) => {
    const once = normalName({ namespace, name })
    expect(once).toEqual({ namespace: normalNamespace, name: normal })
    expect(normalName(once)).toEqual(once)
  })

  it('a name makes one id', () => {
    expect(datasetId({ namespace: 's3n://b', name: 'x/' })).toBe(datasetId({ namespace: 's3://b', name: 'x' }))
    expect(datasetId({ namespace: 's3://b', name: 'X' })).not.toBe(datasetId({ namespace: 's3://b', name: 'x' }))
  })
})

it.each([
  ['s3://b', true],
  ['unitycatalog://h:1', false],
  ['mlflow', false],
])('%s is a place: %s', (namespace, place) => {
  expect(isPlace({ namespace, name: 'x' })).toBe(place)
})

describe("OpenMetadata's name", () => {
  const services = {
    ...{ pg: 'postgres://db', 'my.sql': 'mysql://h', snow: 'snowflake://acme', hive: 'hive://h' },
    uc: 'unitycatalog://uc',
  }
  it.each([
    ['pg.shop.public.orders', 'postgres://db:5432 shop.public.orders'],
    ['pg."my.shop".public."a ""b"""', 'postgres://db:5432 my.shop.public.a "b"'],
    ['"my.sql".default.shop.orders', 'mysql://h:3306 shop.orders'],
    ['hive.default.shop.orders', 'hive://h:10000 shop.orders'],
    ['pg.default.shop.orders', 'postgres://db:5432 default.shop.orders'],
    ['snow.ml.features.txn', 'snowflake://acme ML.FEATURES.TXN'],
    ['uc.main.lending.Loans', 'unitycatalog://uc main.lending.Loans'],
    ['other.shop.public.orders', 'openmetadata:other shop.public.orders'],
    ['__proto__.a.b', 'openmetadata:__proto__ a.b'],
  ])('%s is %s', (fqn, expected) => {
    const { namespace, name } = openMetadataName(fqn, services)
    expect(`${namespace} ${name}`).toBe(expected)
  })
})

describe('the configuration', () => {
  const is = { namespace: 's3a://lake', name: 'credit/applicants/' }
  const naming = createDatasetNaming([
    { location: '/mnt/lake/applicants.csv', is },
    { location: 's3://lake/wrong', is },
    { named: { namespace: 's3://old', name: 'applicants' }, is },
  ])
  const key = { namespace: 's3://lake', name: 'credit/applicants' }

  it('names what has no name, and overrules one that has', () => {
    for (const location of ['/mnt/lake/applicants.csv', 's3://lake/wrong'])
      expect(naming.at(location)).toMatchObject({ key, link: { method: 'CONFIGURED', confidence: 1 } })
    expect(naming.at('/mnt/lake/other.csv')).toBeUndefined()
  })

  it('makes one dataset of two names, in any spelling', () => {
    expect(naming.canonical({ namespace: 's3a://OLD', name: '/applicants' })).toEqual(key)
    expect(naming.at('s3n://old/applicants')).toMatchObject({ key, link: { method: 'MATCHED' } })
  })
})

describe("MLflow's source of a dataset is read as", () => {
  const read = (type: string, source: unknown) => {
    const dataset = {
      name: 'd',
      source_type: type,
      source: typeof source === 'string' ? source : JSON.stringify(source),
    }
    const info = { run_id: 'r', experiment_id: '1' }
    const [run] = pages.runs.parse({ runs: [{ info, inputs: { dataset_inputs: [{ dataset }] } }] }).runs
    if (!run) throw new Error('the run did not parse')
    const location = runRecord(run, new Map(), 'https://mlflow.example').inputs?.[0]?.location
    return location == null ? undefined : createDatasetNaming([]).at(location)?.key
  }
  it.each([
    ['local', { uri: '/home/x/a.csv' }, undefined],
    ['http', { url: 'https://data.example/a.csv' }, 'https://data.example a.csv'],
    ['s3', { uri: 's3://b/a' }, 's3://b a'],
    ['gs', { uri: 'gs://b/a' }, 'gs://b a'],
    ['abfss', { uri: 'abfss://c@a.dfs.core.windows.net/a' }, 'abfss://c@a.dfs.core.windows.net a'],
    ['delta_table', { path: 's3://b/t', delta_table_name: 'c.s.t', delta_table_version: 3 }, 's3://b t'],
    ['delta_table', { path: null, delta_table_name: 'c.s.t' }, undefined],
    ['spark', { path: 'hdfs://nn:8020/t' }, 'hdfs://nn:8020 t'],
    ['spark', { table_name: 'c.s.t' }, undefined],
    ['spark', { sql: 'select 1' }, undefined],
    ['hugging_face', { path: 'org/name', revision: 'main' }, 'https://huggingface.co datasets/org/name'],
    ['code', { tags: { 'mlflow.source.name': 'x.py' } }, undefined],
    ['s3', 'no JSON', undefined],
  ])('%s %j: %s', (type, source, expected) => {
    const key = read(type, source)
    expect(key && `${key.namespace} ${key.name}`).toBe(expected)
  })
})
