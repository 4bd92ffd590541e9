import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCompanyGraph } from './company-graph.ts'
import type { Graph } from './graph.ts'

interface Observed {
  observations: { nodes: { kind: string; subject: string; before: string | null; after: string; by: string | null }[] }
}

const RECENT = `query ($since: DateTime!) { observations(first: 200, where: { since: $since }) {
  nodes { kind subject before after by } } }`

describe('the past of the demonstration company', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await startCompanyGraph(
      ({ sources: _, ...settings }) => ({ ...settings, delivery: { everySeconds: 1, healthEverySeconds: 3_600 } }),
      { started: true },
    )
  })
  afterAll(() => graph.close())

  it('ends where the tools are: the first looks find nothing of it changed', async () => {
    const since = new Date(Date.now() - 30_000).toISOString()
    await expect
      .poll(async () => (await graph.data<Observed>(RECENT, { since })).observations.nodes.length, { timeout: 15_000 })
      .toBeGreaterThan(0)
    await sleep(2_500)
    const { observations } = await graph.data<Observed>(RECENT, { since })
    const moved = observations.nodes.filter(({ kind }) => kind === 'CHAMPION_CHANGED' || kind === 'SERVED_CHANGED')
    expect(moved).toEqual([])
  })

  it('says of itself that it is made up', async () => {
    const { observations } = await graph.data<Observed>(
      '{ observations(first: 200, where: { kinds: [CHAMPION_CHANGED] }) { nodes { kind subject before after by } } }',
    )
    expect(observations.nodes.length).toBeGreaterThan(30)
    expect(new Set(observations.nodes.map(({ by }) => by))).toEqual(new Set(['made up for the demonstration']))
  })

  it('has a version that was rolled back, and figures that show it', async () => {
    const { deliveryMetrics, model } = await graph.data<{
      deliveryMetrics: {
        group: string
        changeFailRate: { numerator: number }
        timeToRestoreSeconds: { sampleSize: number }
        totalLeadTimeSeconds: { sampleSize: number }
      }[]
      model: { history: { nodes: { before: string | null; after: string }[] } }
    }>(`{
      deliveryMetrics(days: 730, groupBy: OWNER) {
        group changeFailRate { numerator } timeToRestoreSeconds { sampleSize } totalLeadTimeSeconds { sampleSize }
      }
      model(id: "Model:mlflow:card-fraud") { history(first: 200) { nodes { kind before after } } }
    }`)
    expect(deliveryMetrics.find(({ group }) => group === 'Fraud defence')).toMatchObject({
      ...{ changeFailRate: { numerator: 1 }, timeToRestoreSeconds: { sampleSize: 1 } },
    })
    expect(deliveryMetrics.filter(({ totalLeadTimeSeconds: { sampleSize } }) => sampleSize > 0).length).toBeGreaterThan(
      3,
    )
    expect(model.history.nodes).toContainEqual({ kind: 'CHAMPION_CHANGED', before: '3', after: '2' })
  })
})
