import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startAlertmanager } from '#demo/alertmanager/index.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { counter, gauge, startPrometheus } from '#demo/prometheus/index.ts'
import type { StandIn } from '#demo/stand-in.ts'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'
import { manyModels } from './many-models.ts'

const COUNT = 60
const DAY = 86_400
const nameOf = (i: number) => `model-${String(i).padStart(5, '0')}`

/** A registry, two servers of which one is watched, a Prometheus and an Alertmanager behind proxies that can fail. */
interface Monitored {
  readonly graph: Graph
  readonly prometheus: FaultServer
  readonly alertmanager: FaultServer
  readonly promised: StandIn
  readonly alerts: StandIn
  close(): Promise<void>
}

async function startMonitored(settings: object = {}, startedAt?: number): Promise<Monitored> {
  const now = Date.now() / 1_000
  const served = Array.from({ length: COUNT }, (_, i) => ({ name: nameOf(i), version: '1' }))
  const standIns = await Promise.all([
    startMlflow({ version: '3.17.2', data: manyModels(COUNT + 1) }),
    startOpenInference({ dialect: 'triton', models: served }),
    startOpenInference({ dialect: 'triton', models: [{ name: nameOf(COUNT), version: '1' }] }),
    startPrometheus({
      series: [
        gauge('up', { job: 'triton' }, 1),
        // Another endpoint of the same model names, which nothing here watches.
        ...traffic({ job: 'other' }, nameOf(0), 1_000, 1_000),
        ...traffic({ job: 'triton' }, nameOf(0), 8, 2),
        ...traffic({ job: 'triton' }, nameOf(1), 0, 0),
        gauge('drift', { model: nameOf(0), feature: 'income' }, (at) => (at < now - 3 * DAY ? 0.1 : 0.4)),
        gauge('drift', { model: nameOf(1), feature: 'income' }, Number.NaN),
        gauge('drift', { model: nameOf(2), feature: 'income' }, (at) => (at < now - DAY ? 0.1 : null)),
        gauge('sales', { model: nameOf(0) }, 12),
      ],
    }),
    startAlertmanager({
      alerts: [
        {
          labels: { alertname: 'Drift', model: nameOf(0), version: '1', severity: 'page' },
          startsAt: now * 1_000 - 5_000,
        },
        { labels: { alertname: 'Slow', job: 'triton' }, startsAt: now * 1_000 - 9_000 },
        { labels: { alertname: 'Lost', model: 'nobody' }, startsAt: now * 1_000 - 7_000 },
      ],
      ...(startedAt !== undefined && { startedAt }),
    }),
  ])
  const [mlflow, triton, unwatched, promised, alerts] = standIns
  const prometheus = await startFaultServer({ target: promised.url })
  const alertmanager = await startFaultServer({ target: alerts.url })
  const registry = 'registry'
  const graph = await startGraph({
    settings,
    sources: [
      { id: registry, kind: 'mlflow', url: mlflow.url },
      { id: 'triton', kind: 'open-inference', url: triton.url, convention: 'name-and-version' },
      { id: 'unwatched', kind: 'open-inference', url: unwatched.url, convention: 'name-and-version' },
      {
        ...{ id: 'prometheus', formerly: ['prom-old'], kind: 'prometheus', url: prometheus.url },
        watches: [{ source: 'triton', selector: { job: 'triton' }, preset: 'triton' }],
        signals: [
          {
            ...{ name: 'drift', kind: 'data', registry, worse: 'higher', threshold: 0.2 },
            query: 'max by (model, feature) (drift)',
          },
          { name: 'sales', kind: 'business', query: 'max by (model) (sales)', worse: 'lower' },
        ],
      },
      {
        ...{ id: 'alertmanager', formerly: ['am-old'], kind: 'alertmanager', url: alertmanager.url, registry },
        watches: [{ source: 'triton', selector: { job: 'triton' } }],
      },
    ],
  })
  return {
    ...{ graph, prometheus, alertmanager, promised, alerts },
    close: async () => {
      await graph.close()
      await Promise.all([prometheus, alertmanager, ...standIns].map((one) => one.close()))
    },
  }
}

function traffic(job: object, model: string, good: number, bad: number) {
  const labels = { ...job, model, version: '1' }
  return [
    counter('nv_inference_request_success', labels, good),
    counter('nv_inference_request_failure', { ...labels, reason: 'OTHER' }, bad),
    counter('nv_inference_request_duration_us', labels, good * 20_000),
  ]
}

const PAGE = `query Page($window: Int = 300) {
  models(first: 100) { nodes {
    name
    drift { nodes { name feature kind state value breached since link { method } } incomplete { source reason message } }
    signals { nodes { name value threshold breached } }
    alerts { nodes { alert { id name state } link { method evidence } } incomplete { source reason } }
    monitoring { traffic errors latency drift alerts incomplete { source reason } }
    served { nodes { servedModel { traffic(windowSeconds: $window) { state covers requestsPerSecond errorRatio latencyMeanSeconds latencyP95Seconds windowSeconds asOf incomplete { source reason } provenance { source { id kind } stale } } } } }
  } }
}`

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any
const byName = (data: Json, i: number) => data.models.nodes.find(({ name }: Json) => name === nameOf(i))
const trafficOf = (data: Json, i: number) => byName(data, i).served.nodes[0].servedModel.traffic

describe('what monitors say of a page of models', () => {
  let monitored: Monitored
  let data: Json
  beforeAll(async () => {
    monitored = await startMonitored()
    data = await monitored.graph.data(PAGE)
  })
  afterAll(() => monitored.close())

  it('tells requests, errors and latency of the endpoint that is watched, and of no other of the same name', () => {
    expect(trafficOf(data, 0)).toMatchObject({
      ...{ state: 'MEASURED', covers: 'VERSION', latencyP95Seconds: null, windowSeconds: 300, incomplete: [] },
      requestsPerSecond: expect.closeTo(10, 3),
      errorRatio: expect.closeTo(0.2, 5),
      latencyMeanSeconds: expect.closeTo(0.02, 5),
      provenance: { source: { id: 'prometheus', kind: 'prometheus' }, stale: false },
    })
  })

  it('tells zero from no data, and both from what nobody watches', () => {
    expect(trafficOf(data, 1)).toMatchObject({ state: 'MEASURED', requestsPerSecond: 0, errorRatio: null })
    expect(trafficOf(data, 2)).toMatchObject({ state: 'NO_DATA', covers: null, requestsPerSecond: null })
    expect(trafficOf(data, COUNT)).toBeNull()
  })

  it('tells drift and since when, what is no number, what is published no more, and that there is none', () => {
    const [three] = byName(data, 0).drift.nodes
    expect(three).toMatchObject({ kind: 'DATA', feature: 'income', state: 'MEASURED', value: 0.4, breached: true })
    expect((Date.now() - Date.parse(three.since)) / 1_000 / DAY).toBeCloseTo(3, 1)
    expect(three.link).toEqual({ method: 'MATCHED' })
    const states = [1, 2, 3].map((i) =>
      byName(data, i).drift.nodes.map(({ state, value, breached }: Json) => [state, value, breached]),
    )
    expect(states).toEqual([[['NOT_A_NUMBER', null, null]], [['STALE', null, null]], []])
  })

  it('shows business figures beside drift, not as drift', () => {
    expect(byName(data, 0).drift.nodes).toHaveLength(1)
    expect(byName(data, 0).signals.nodes).toMatchObject([
      { name: 'drift' },
      { name: 'sales', value: 12, breached: null },
    ])
  })

  it('says which signals somebody measures for a model, and which nobody does', () => {
    const told = (i: number) => byName(data, i).monitoring
    expect(told(0)).toEqual({ traffic: true, errors: true, latency: true, drift: true, alerts: true, incomplete: [] })
    expect(told(2)).toMatchObject({ traffic: true, drift: false, alerts: null })
    expect(told(COUNT)).toEqual({
      ...{ traffic: false, errors: false, latency: false, drift: false, alerts: null, incomplete: [] },
    })
  })

  it('asks the monitors for the whole page as often as for one model', () => {
    const paths = monitored.promised.calls.map(({ path }) => path.split('?')[0])
    // Two signals now and over time, the traffic, and once the version.
    expect(paths.sort()).toEqual([
      ...['/api/v1/query', '/api/v1/query', '/api/v1/query', '/api/v1/query_range', '/api/v1/query_range'],
      ...['/api/v1/status/buildinfo'],
    ])
    expect(monitored.alerts.calls).toHaveLength(3)
  })

  it('asks nothing that is not selected', async () => {
    const other = await startMonitored()
    await other.graph.data(
      '{ models { nodes { name served { nodes { servedModel { name } } } } } alerts { totalCount } }',
    )
    expect(other.promised.calls).toEqual([])
    await other.close()
  })

  it('tells alerts and the models they are about, and finds each by its id, also a former one', async () => {
    const { alerts }: Json = await monitored.graph.data(
      '{ alerts { totalCount nodes { id name severity models { nodes { model { name } modelVersion { version } link { method evidence } } incomplete { source reason } } } incomplete { reason } } }',
    )
    expect(alerts).toMatchObject({
      ...{ totalCount: 3, incomplete: [] },
      nodes: [
        {
          name: 'Drift',
          models: {
            nodes: [{ model: { name: nameOf(0) }, modelVersion: { version: '1' }, link: { method: 'MATCHED' } }],
            incomplete: [],
          },
        },
        { name: 'Lost', models: { nodes: [], incomplete: [{ source: 'registry', reason: 'UNMATCHED' }] } },
        { name: 'Slow', models: { nodes: [], incomplete: [] } },
      ],
    })
    const [{ id }] = alerts.nodes
    const former = id.replace('alertmanager', 'am-old')
    const { a, b }: Json = await monitored.graph.data(
      `{ a: node(id: "${id}") { ... on Alert { name } } b: node(id: "${former}") { id ... on Alert { name } } }`,
    )
    expect([a, b]).toEqual([{ name: 'Drift' }, { id, name: 'Drift' }])
    const gone = await monitored.graph.ask('{ node(id: "Alert:alertmanager:gone") { ... on Alert { name } } }')
    expect(gone.data).toEqual({ node: null })
  })

  it('tells the alerts of an endpoint by the labels that are configured', async () => {
    const { endpoints }: Json = await monitored.graph.data(
      '{ endpoints { nodes { name alerts { nodes { alert { name } link { method } } } } } }',
    )
    expect(endpoints.nodes).toEqual([
      { name: 'triton', alerts: { nodes: [{ alert: { name: 'Slow' }, link: { method: 'CONFIGURED' } }] } },
      { name: 'unwatched', alerts: { nodes: [] } },
    ])
  })

  it.each([59, 86_401, -1])('refuses a window of %i seconds', async (window) => {
    const { errors } = await monitored.graph.ask(PAGE, { variables: { window } })
    expect(errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } })
    expect(errors?.[0]?.message).toMatch(/60 to 86400/)
  })

  it('filters and pages alerts', async () => {
    const { page, other, bad }: Json = await monitored.graph.data(
      '{ page: alerts(first: 1) { nodes { name } pageInfo { hasNextPage } } other: alerts(where: { severity: "page", state: FIRING }) { nodes { name } } bad: alerts(where: { source: "nowhere" }) { totalCount } }',
    )
    expect([page.nodes, page.pageInfo.hasNextPage, other.nodes, bad.totalCount]).toEqual([
      [{ name: 'Drift' }],
      ...[true, [{ name: 'Drift' }], 0],
    ])
  })

  it('lists monitors among the sources, with their versions', async () => {
    const { sources }: Json = await monitored.graph.data('{ sources { __typename id status { state version } } }')
    expect(sources.slice(3)).toEqual([
      { __typename: 'MonitoringSource', id: 'prometheus', status: { state: 'UP', version: '2.42.0+ds' } },
      { __typename: 'MonitoringSource', id: 'alertmanager', status: { state: 'UP', version: '0.25.0' } },
    ])
  })
})

describe('a monitor that fails', () => {
  let monitored: Monitored
  afterEach(() => monitored.close())
  const impatient = {
    ...{ http: { requestTimeout: 700, indexTimeout: 700 }, gateway: { requestDeadlineMilliseconds: 4_000 } },
  }

  it('as the Prometheus, makes its own part unknown and nothing else', async () => {
    monitored = await startMonitored(impatient)
    await monitored.prometheus.fault({ kind: 'answer', status: 500, body: 'secret words' })
    const answer = await monitored.graph.ask(PAGE)
    expect(answer.errors).toBeUndefined()
    const down = { source: 'prometheus', reason: 'DOWN' }
    const model = byName(answer.data, 0)
    expect(trafficOf(answer.data, 0)).toMatchObject({
      state: 'UNKNOWN',
      asOf: null,
      provenance: null,
      incomplete: [down],
    })
    expect(model.drift).toMatchObject({ nodes: [], incomplete: [down] })
    expect(model.monitoring).toMatchObject({ traffic: null, errors: null, latency: null, drift: null, alerts: true })
    expect(byName(answer.data, COUNT).monitoring).toMatchObject({ traffic: false, drift: null })
    expect(model.alerts.nodes).toHaveLength(1)
    expect(JSON.stringify(answer)).not.toContain('secret words')
  })

  it('as the Alertmanager, makes its own part unknown and nothing else', async () => {
    monitored = await startMonitored(impatient)
    await monitored.alertmanager.fault({ kind: 'refuse' })
    const data: Json = await monitored.graph.data(PAGE)
    const down = { source: 'alertmanager', reason: 'DOWN' }
    expect(byName(data, 0).alerts).toEqual({ nodes: [], incomplete: [down] })
    expect(byName(data, 0).monitoring).toMatchObject({ traffic: true, drift: true, alerts: null, incomplete: [down] })
    const gone = await monitored.graph.ask('{ node(id: "Alert:alertmanager:x") { ... on Alert { name } } }')
    expect(gone.errors?.[0]).toMatchObject({ extensions: { code: 'UPSTREAM_UNAVAILABLE' } })
  })

  it('that was started a moment ago with an empty list does not say that nothing is wrong', async () => {
    monitored = await startMonitored({}, Date.now() - 10_000)
    const { alerts }: Json = await monitored.graph.data('{ alerts { incomplete { source reason } } }')
    expect(alerts.incomplete).toEqual([{ source: 'alertmanager', reason: 'TRUNCATED' }])
  })
})

describe('without any monitor', () => {
  let graph: Graph
  let standIns: StandIn[]
  beforeAll(async () => {
    standIns = [
      await startMlflow({ version: '3.17.2', data: manyModels(1) }),
      await startOpenInference({ dialect: 'triton', models: [{ name: nameOf(0), version: '1' }] }),
    ]
    graph = await startGraph({
      sources: [
        { id: 'registry', kind: 'mlflow', url: standIns[0]?.url },
        { id: 'triton', kind: 'open-inference', url: standIns[1]?.url, convention: 'name-and-version' },
      ],
    })
  })
  afterAll(async () => {
    await graph.close()
    await Promise.all(standIns.map((standIn) => standIn.close()))
  })

  it('says that nobody measures anything, and that alerts are not known', async () => {
    const data: Json = await graph.data(PAGE)
    expect(byName(data, 0).monitoring).toMatchObject({
      traffic: false,
      errors: false,
      latency: false,
      drift: false,
      alerts: false,
    })
    expect(trafficOf(data, 0)).toBeNull()
    const { alerts }: Json = await graph.data('{ alerts { nodes { id } incomplete { reason } } }')
    expect(alerts).toEqual({ nodes: [], incomplete: [{ reason: 'NOT_CONFIGURED' }] })
  })
})

describe('a Prometheus that fails later', () => {
  it('leaves the drift that was read, marked stale, and since when as it was', async () => {
    const monitored = await startMonitored({
      index: { freshSeconds: 1, staleSeconds: 3_600 },
      http: { indexTimeout: 700 },
    })
    const query =
      '{ models { nodes { name drift { nodes { value since provenance { stale } } incomplete { reason } } } } }'
    const first: Json = await monitored.graph.data(query)
    await monitored.prometheus.fault({ kind: 'refuse' })
    await expect
      .poll(async () => byName(await monitored.graph.data(query), 0).drift.nodes[0]?.provenance.stale, {
        timeout: 15_000,
      })
      .toBe(true)
    const later: Json = await monitored.graph.data(query)
    expect(byName(later, 0).drift.nodes[0]).toMatchObject({ value: 0.4, since: byName(first, 0).drift.nodes[0].since })
    await monitored.close()
  })
})
