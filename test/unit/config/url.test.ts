import { describe, expect, it } from 'vitest'
import { checkUrl } from '#lib/config/url.ts'
import { linesOf, withSource } from './sample.ts'

const HTTP = 'an address that starts with http:// or https://'
const STORE = `${HTTP}. A folder or database of MLflow is no server: start "mlflow server --backend-store-uri …" and give its http address`
const DATABRICKS = `${HTTP}. Not supported yet: Databricks. Give the address of an MLflow tracking server`
const BARE = 'an address without "?" and "#"'

describe('checkUrl', () => {
  it.each([
    ['http://mlflow.example', 'http://mlflow.example'],
    ['https://mlflow.example/', 'https://mlflow.example'],
    ['HTTPS://MLflow.example:443/team-a/mlflow//', 'https://mlflow.example/team-a/mlflow'],
    ['http://[::1]:5000', 'http://[::1]:5000'],
  ])('takes %s as %s', (text, url) => {
    expect(checkUrl(text)).toEqual({ url })
  })

  it.each([
    ['databricks', DATABRICKS],
    ['databricks://profile', DATABRICKS],
    ['databricks-uc', DATABRICKS],
    ['file:///srv/mlruns', STORE],
    ['sqlite:///mlflow.db', STORE],
    ['postgresql+psycopg2://user:password@db.example/mlflow', STORE],
    ['mysql://db.example/mlflow', STORE],
    ['./mlruns', STORE],
    ['/srv/mlruns', STORE],
    ['mlruns', STORE],
    ['C:\\mlruns', STORE],
    ['', STORE],
    ['ftp://mlflow.example', HTTP],
    ['s3://bucket/mlruns', HTTP],
    ['http://', HTTP],
    ['http://a b', HTTP],
    ['http://mlflow.example?token=x', BARE],
    ['http://mlflow.example/#/models', BARE],
    [
      'https://user:password@mlflow.example',
      'an address without credentials. Put them under "auth": { basic: { username, password } }',
    ],
    [
      'https://token@mlflow.example',
      'an address without credentials. Put them under "auth": { basic: { username, password } }',
    ],
  ])('expects something else than %s', (text, expected) => {
    expect(checkUrl(text)).toEqual({ expected })
  })

  it('names the address that was meant where only http:// is missing', () => {
    expect(checkUrl('localhost:5000')).toEqual({ expected: HTTP, meant: 'http://localhost:5000' })
  })
})

describe('an address in the configuration', () => {
  const line = (url: string) => linesOf(withSource('').replace('http://mlflow.example', url))

  it('is shown without its credentials', () => {
    expect(line('https://joe:hunter2@mlflow.example/x')).toEqual([
      '4:10: sources[0].url: found "https://…@mlflow.example/x", expected an address without credentials. Put them under "auth": { basic: { username, password } }',
    ])
  })

  it('is shown without its query', () => {
    expect(line('https://mlflow.example/x?key=hunter2')).toEqual([
      `4:10: sources[0].url: found "https://mlflow.example/x?…", expected ${BARE}`,
    ])
  })

  it('comes with the address that was meant', () => {
    expect(line('localhost:5000')).toEqual([
      `4:10: sources[0].url: found "localhost:5000", expected ${HTTP}. Did you mean "http://localhost:5000"?`,
    ])
  })
})
