import { type MlflowData, startMlflow } from '#demo/mlflow/index.ts'
import { type OpenInferenceStandIn, startOpenInference } from '#demo/open-inference/index.ts'
import { createMemoryState } from '#lib/state/create.ts'
import type { State } from '#lib/state/port.ts'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'

/** A registry and a server that an observer watches, each behind a proxy that can fail, and the state that it writes to. */
export interface Observed {
  readonly graph: Graph
  readonly registry: FaultServer
  readonly server: FaultServer
  readonly triton: OpenInferenceStandIn
  readonly state: State
  /** Another graph over the same, with the same state. */
  again(settings?: object): Promise<Graph>
  promote(model: string, version: string): Promise<void>
  close(): Promise<void>
}

const START = Date.UTC(2026, 0, 5)
export const WEBHOOK_SECRET = 'a-secret-for-tests'

const run = (id: string, i: number) => ({
  ...{ id, experimentId: '1', name: `train ${i}`, startedAt: START + i * 86_400_000 },
  ...{ endedAt: START + i * 86_400_000 + 3_600_000, params: { depth: String(i) }, metrics: { auc: i / 10 } },
})
const [ONE, TWO, OTHER] = ['1', '2', '3'].map((digit) => digit.repeat(32)) as [string, string, string]

/** One model with two versions, the first of which is in production, and one that never was. */
const data: MlflowData = {
  experiments: [{ id: '1', name: 'training', createdAt: START }],
  runs: [run(ONE, 1), run(TWO, 2), run(OTHER, 3)],
  models: [
    {
      ...{ name: 'churn', createdAt: START, aliases: { champion: '1' }, tags: { owner: 'retention', domain: 'Sales' } },
      versions: [
        { createdAt: START + 90_000_000, source: `runs:/${ONE}/model`, runId: ONE },
        { createdAt: START + 180_000_000, source: `runs:/${TWO}/model`, runId: TWO },
      ],
    },
    {
      ...{ name: 'credit', createdAt: START, tags: { owner: 'lending', domain: 'Credit' } },
      versions: [{ createdAt: START + 270_000_000, source: `runs:/${OTHER}/model`, runId: OTHER }],
    },
  ],
}

/** Whatever changes is looked for every second. */
const EVERY_SECOND = { everySeconds: 1, healthEverySeconds: 1 }

export async function startObserved(settings: object = {}, withServer = true): Promise<Observed> {
  const mlflow = await startMlflow({ version: '3.17.2', data })
  const triton = await startOpenInference({
    dialect: 'triton',
    models: [
      { name: 'churn', version: '1' },
      { name: 'churn', version: '2', state: 'unloaded' },
    ],
  })
  const registry = await startFaultServer({ target: mlflow.url })
  const server = await startFaultServer({ target: triton.url })
  const state = createMemoryState()
  // The graphs close before it does, and each would close it.
  const shared: State = { ...state, close: async () => {} }
  const graphs: Graph[] = []
  const again = async (more: object = {}) => {
    const graph = await startGraph({
      sources: [
        { id: 'registry', kind: 'mlflow', url: registry.url, webhookSecret: WEBHOOK_SECRET },
        ...(withServer
          ? [{ id: 'server', kind: 'open-inference', url: server.url, convention: 'name-and-version' }]
          : []),
      ],
      settings: { delivery: EVERY_SECOND, index: { freshSeconds: 1 }, ...settings, ...more },
      started: true,
      state: shared,
    })
    const closing: Graph = { ...graph, close: once(graph.close) }
    graphs.push(closing)
    return closing
  }
  return {
    ...{ graph: await again(), registry, server, triton, state, again },
    async promote(model, version) {
      const response = await fetch(`${mlflow.url}/api/2.0/mlflow/registered-models/alias`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: model, alias: 'champion', version }),
      })
      if (!response.ok) throw new Error(await response.text())
    },
    async close() {
      await Promise.all(graphs.map((graph) => graph.close()))
      await state.close()
      await Promise.all([registry.close(), server.close(), mlflow.close(), triton.close()])
    },
  }
}

function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | undefined
  return () => {
    closing ??= close()
    return closing
  }
}
