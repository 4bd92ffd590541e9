import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCompanyGraph } from './company-graph.ts'
import type { Graph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

describe('what the monitors of the demonstration company tell', () => {
  let graph: Graph
  let data: Json
  beforeAll(async () => {
    graph = await startCompanyGraph()
    data = await graph.data(`{
      models { nodes {
        name
        drift { nodes { name state value breached since measuredAt } }
        alerts { nodes { alert { name state silences { comment createdBy } } } }
        monitoring { traffic errors latency drift }
        served { nodes { servedModel { endpoint { name } traffic { state requestsPerSecond errorRatio saturation } } } }
      } }
      endpoints { nodes { name alerts { nodes { alert { name state } } } } }
    }`)
  })
  afterAll(() => graph.close())
  const model = (wanted: string) => data.models.nodes.find(({ name }: Json) => name === wanted)
  const daysSince = (moment: string) => (Date.now() - Date.parse(moment)) / 86_400_000

  it('loan-default has drifted for three days, and an alert about it fires', () => {
    const drifted = model('loan-default').drift.nodes.filter(({ breached }: Json) => breached)
    expect(drifted).toMatchObject([{ name: 'population stability index', value: 0.34 }])
    expect(daysSince(drifted[0].since)).toBeCloseTo(3, 1)
    expect(model('loan-default').alerts.nodes).toMatchObject([{ alert: { name: 'FeatureDrift', state: 'FIRING' } }])
  })

  it('one in eight of the requests to credit-limit fails, and its endpoint has an alert', () => {
    const [{ servedModel }] = model('credit-limit').served.nodes
    expect(servedModel.traffic).toMatchObject({
      ...{ state: 'MEASURED', errorRatio: expect.closeTo(1 / 8, 3) },
      // What the GPU of the server is used to.
      saturation: 0.64,
    })
    const endpoint = data.endpoints.nodes.find(({ name }: Json) => name === servedModel.endpoint.name)
    expect(endpoint.alerts.nodes).toContainEqual({ alert: { name: 'RequestsFail', state: 'FIRING' } })
  })

  it('the alert about price-elasticity is silenced by its team', () => {
    expect(model('price-elasticity').alerts.nodes).toMatchObject([
      { alert: { state: 'SUPPRESSED', silences: [{ createdBy: 'pricing' }] } },
    ])
  })

  it('nobody monitors next-best-offer, which is served', () => {
    const { served, monitoring } = model('next-best-offer')
    expect(served.nodes).toMatchObject([{ servedModel: { traffic: null } }])
    expect(monitoring).toEqual({ traffic: false, errors: false, latency: false, drift: false })
  })

  it('the drift of churn is no number, and the accuracy of demand-forecast was last measured two days ago', () => {
    expect(model('churn').drift.nodes).toMatchObject([{ state: 'NOT_A_NUMBER', value: null, breached: null }])
    const [accuracy] = model('demand-forecast').drift.nodes
    expect(accuracy).toMatchObject({ state: 'STALE', value: null, breached: null })
    expect(daysSince(accuracy.measuredAt)).toBeCloseTo(2, 1)
  })

  it('the topics of complaints moved too far two nights ago, as a job logged in MLflow', () => {
    const { drift, monitoring } = model('complaint-topics')
    expect(drift.nodes).toMatchObject([{ name: 'stability of topics', state: 'MEASURED', value: 0.27, breached: true }])
    expect(daysSince(drift.nodes[0].since)).toBeCloseTo(1.5, 1)
    expect(daysSince(drift.nodes[0].measuredAt)).toBeCloseTo(0.5, 1)
    expect(monitoring.drift).toBe(true)
  })

  it('no requests come to discount-cap, which is not the same as not knowing', () => {
    expect(model('discount-cap').served.nodes).toMatchObject([
      { servedModel: { traffic: { state: 'MEASURED', requestsPerSecond: 0, errorRatio: null } } },
    ])
  })
})
