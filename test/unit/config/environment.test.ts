import { describe, expect, it } from 'vitest'
import { kinds } from '#app/kinds.ts'
import { fromEnvironment } from '#lib/config/environment.ts'
import { errorOf } from './sample.ts'

const MLFLOW_TRACKING_URI = 'http://mlflow.example:5000/'
const sourceOf = (env: NodeJS.ProcessEnv) => fromEnvironment({ MLFLOW_TRACKING_URI, ...env }, kinds).config.sources[0]

/** What the source would send, as MLflow's client does. */
function sent(env: NodeJS.ProcessEnv): string | undefined {
  const auth = sourceOf(env)?.auth
  if (!auth) return undefined
  if ('basic' in auth) return `Basic ${auth.basic.username}:${auth.basic.password.reveal()}`
  return 'bearer' in auth ? `Bearer ${auth.bearer.reveal()}` : 'another'
}

describe('fromEnvironment', () => {
  it('makes one source of MLFLOW_TRACKING_URI', () => {
    expect(fromEnvironment({ MLFLOW_TRACKING_URI }, kinds)).toMatchObject({
      config: {
        sources: [{ id: 'mlflow', kind: 'mlflow', title: 'mlflow', url: 'http://mlflow.example:5000', formerly: [] }],
      },
      notices: [],
    })
  })

  // Each seen on MLflow 3.17.2's own client, by the header that reached a server.
  const URI = (login: string) => `http://${login}@mlflow.example:5000`
  const cases: [env: NodeJS.ProcessEnv, sent: string | undefined][] = [
    [{}, undefined],
    [{ MLFLOW_TRACKING_USERNAME: 'a', MLFLOW_TRACKING_PASSWORD: 'b', MLFLOW_TRACKING_TOKEN: 't' }, 'Basic a:b'],
    [{ MLFLOW_TRACKING_USERNAME: 'a', MLFLOW_TRACKING_TOKEN: 't' }, 'Bearer t'],
    [{ MLFLOW_TRACKING_USERNAME: 'a', MLFLOW_TRACKING_PASSWORD: '', MLFLOW_TRACKING_TOKEN: 't' }, 'Bearer t'],
    [{ MLFLOW_TRACKING_USERNAME: 'a' }, undefined],
    [{ MLFLOW_TRACKING_URI: URI('x:y'), MLFLOW_TRACKING_USERNAME: 'a', MLFLOW_TRACKING_PASSWORD: 'b' }, 'Basic x:y'],
    [{ MLFLOW_TRACKING_URI: URI('x:y%40z') }, 'Basic x:y@z'],
    [{ MLFLOW_TRACKING_URI: URI('x:100%') }, 'Basic x:100%'],
    [{ MLFLOW_TRACKING_URI: URI('x'), MLFLOW_TRACKING_TOKEN: 't' }, 'Bearer t'],
    [{ MLFLOW_TRACKING_URI: URI('x') }, undefined],
  ]
  it.each(cases)('takes credentials from %o as MLflow does', (env, expected) => {
    expect(sent(env)).toBe(expected)
    expect(sourceOf(env)?.url).toBe('http://mlflow.example:5000')
  })

  it.each([
    ['true', true],
    ['TRUE', true],
    ['1', true],
    ['false', undefined],
    ['0', undefined],
    ['', undefined],
  ])('reads MLFLOW_TRACKING_INSECURE_TLS=%s', (value, insecure) => {
    expect(sourceOf({ MLFLOW_TRACKING_INSECURE_TLS: value })?.tls?.insecure).toBe(insecure)
  })

  it('trusts the authority of MLFLOW_TRACKING_SERVER_CERT_PATH', () => {
    expect(sourceOf({ MLFLOW_TRACKING_SERVER_CERT_PATH: '/ca.pem' })?.tls).toEqual({
      caFile: '/ca.pem',
      insecure: false,
    })
  })

  const address = 'expected an address that starts with http:// or https://'
  const mistakes: [env: NodeJS.ProcessEnv, line: string][] = [
    [
      { MLFLOW_TRACKING_URI: 'databricks' },
      `MLFLOW_TRACKING_URI: ${address}. Not supported yet: Databricks. Give the address of an MLflow tracking server`,
    ],
    [
      { MLFLOW_TRACKING_URI: 'postgresql://joe:hunter2@db.example/mlflow' },
      `MLFLOW_TRACKING_URI: ${address}. A folder or database of MLflow is no server: start "mlflow server --backend-store-uri …" and give its http address`,
    ],
    [{ MLFLOW_TRACKING_URI: 'mlflow.example:5000' }, `MLFLOW_TRACKING_URI: ${address}`],
    [{ MLFLOW_TRACKING_INSECURE_TLS: 'yes' }, 'MLFLOW_TRACKING_INSECURE_TLS: expected one of: true, false, 1, 0'],
    [
      { MLFLOW_TRACKING_INSECURE_TLS: '1', MLFLOW_TRACKING_SERVER_CERT_PATH: '/ca.pem' },
      'MLFLOW_TRACKING_INSECURE_TLS: found together with MLFLOW_TRACKING_SERVER_CERT_PATH, expected one of the two, as MLflow does',
    ],
  ]
  it.each(mistakes)('tells what is wrong with %o, without its value', (env, line) => {
    const { message } = errorOf(() => sourceOf(env))
    expect(message).toBe(`The configuration has an error:\n  ${line}`)
  })

  it('tells all mistakes at once', () => {
    expect(
      errorOf(() => sourceOf({ MLFLOW_TRACKING_URI: 'mlruns', MLFLOW_TRACKING_INSECURE_TLS: 'yes' })).problems,
    ).toHaveLength(2)
  })

  it('says what it does not honour', () => {
    const env = { MLFLOW_TRACKING_URI, MLFLOW_REGISTRY_URI: 'http://other.example', MLFLOW_TRACKING_USERNAME: 'a' }
    expect(fromEnvironment(env, kinds).notices).toEqual([
      'MLFLOW_REGISTRY_URI is not supported yet: it is ignored.',
      'MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD count only together: no credentials are sent.',
    ])
    expect(fromEnvironment({ MLFLOW_TRACKING_URI, MLFLOW_REGISTRY_URI: MLFLOW_TRACKING_URI }, kinds).notices).toEqual(
      [],
    )
  })
})
