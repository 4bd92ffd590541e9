import { afterEach, describe, expect, it } from 'vitest'
import { startMlflowScoring } from '#demo/mlflow-scoring/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { listen, type StandIn } from '#demo/stand-in.ts'
import { connectServing } from '../../contract/serving-suite.ts'

const opened: (() => Promise<void>)[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

const call = () => ({ signal: AbortSignal.timeout(5_000) })

async function endpointOf(server: StandIn, options: object = {}, links: object[] = []) {
  const connected = connectServing({ kind: 'mlflow-scoring', url: server.url, ...options }, links)
  opened.push(connected.upstream.close, server.close)
  const [endpoint] = await connected.port.endpoints(call())
  return { endpoint, port: connected.port }
}

describe("MLflow's scoring server", () => {
  it('that is up and not ready says so, of itself and of its model', async () => {
    const server = await listen(({ path }) => ({ status: path === '/version' ? 200 : 404, body: '3.17.2' }), {})
    const { endpoint } = await endpointOf(server, { serves: { model: 'churn' } })
    const stateMessage = 'The server says that it is not ready; its log says why.'
    expect(endpoint).toMatchObject({ state: 'NOT_READY', stateMessage })
    expect(endpoint?.served).toMatchObject([{ name: 'churn', loadState: 'UNAVAILABLE', stateMessage }])
  })

  it('tells its version also where MLServer answers for it', async () => {
    const mlflow = { version: '3.17.2', predictions: [] }
    const server = await startOpenInference({ dialect: 'mlserver', models: [], mlflow })
    expect((await endpointOf(server)).endpoint?.server).toEqual({ name: 'mlflow', version: '3.17.2' })
  })

  it('shows no version that is none', async () => {
    const server = await listen(() => ({ status: 200, body: '<html>Welcome</html>' }), {})
    expect((await endpointOf(server)).endpoint?.server).toEqual({ name: 'mlflow', version: null })
  })

  it('has only one model, which links of the configuration can name instead', async () => {
    const links = [
      { served: { source: 'served', model: 'x' }, is: { registry: 'registry', model: 'churn', version: '4' } },
    ]
    const { endpoint } = await endpointOf(await startMlflowScoring({ version: '3.17.2' }), {}, links)
    expect(endpoint?.served).toMatchObject([
      { name: 'x', declared: { modelName: 'churn', modelVersion: '4', link: { method: 'CONFIGURED' } } },
    ])
  })

  it('has no model that nobody configured, and `modelops check` says what to do', async () => {
    const { endpoint, port } = await endpointOf(await startMlflowScoring({ version: '3.17.2' }))
    expect(endpoint?.served).toBeNull()
    expect((await port.probe(call())).cannot[0]).toContain('say it under "serves"')
  })
})
