import { describe, expect, it } from 'vitest'
import { safeLink, withoutCredentials } from '#lib/address.ts'
import { datasetNameOf } from '#lib/dataset-name.ts'

describe('an address fit to show', () => {
  it.each([
    ['https://user:secret@git.example/a.git', 'https://git.example/a.git'],
    ['https://token@git.example/a.git', 'https://git.example/a.git'],
    ['https://a:p@ss@git.example/x', 'https://git.example/x'],
    ['https://data.example/x.csv?sig=secret#part', 'https://data.example/x.csv'],
    ['git@git.example:risk/churn.git', 'git@git.example:risk/churn.git'],
    ['abfss://container@account.dfs.core.windows.net/x?sig=1', 'abfss://container@account.dfs.core.windows.net/x'],
    ['not an address', 'not an address'],
  ])('%s is shown as %s', (address, shown) => {
    expect(withoutCredentials(address)).toBe(shown)
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'https://'])('%s is no link', (address) => {
    expect(safeLink(address)).toBeNull()
  })
})

describe('the OpenLineage name of', () => {
  it.each([
    ['s3://warehouse/customers/part-0.parquet', 's3://warehouse', 'customers/part-0.parquet'],
    ['s3a://warehouse/customers/', 's3://warehouse', 'customers'],
    ['gs://bucket/a b', 'gs://bucket', 'a b'],
    ['abfss://c@acc.dfs.core.windows.net/t', 'abfss://c@acc.dfs.core.windows.net', 't'],
    ['https://u:p@data.example/x.csv?sig=1', 'https://data.example', 'x.csv'],
    ['hdfs://namenode:8020/data/t', 'hdfs://namenode:8020', 'data/t'],
  ])('%s is %s, %s', (address, namespace, name) => {
    expect(datasetNameOf(address)).toMatchObject({ namespace, name })
  })

  it.each(['/home/me/data.csv', 'file:///data.csv', 's3://bucket', 'table_name', ''])(
    '%j does not exist',
    (address) => {
      expect(datasetNameOf(address)).toBeUndefined()
    },
  )
})
