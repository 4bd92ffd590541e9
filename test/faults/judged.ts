import { type MlflowData, startMlflow } from '#demo/mlflow/index.ts'
import type { State } from '#lib/state/port.ts'
import { type Answer, type Graph, startGraph } from '../federation/graph.ts'
import { type FaultServer, startFaultServer } from './proxy.ts'

/** A graph over one registry and a state that is going to fail. */
export interface Judged {
  readonly graph: Graph
  readonly registry: FaultServer
  /** What the graph shows of each part, and how long that took in milliseconds. */
  look(): Promise<{ readonly answer: Answer; readonly parts: Parts; readonly milliseconds: number }>
  attest(statement: string, key?: string): Promise<Answer>
  waive(): Promise<void>
  /** Asks the gate over HTTP. */
  gate(policies?: readonly string[]): Promise<{ readonly status: number; readonly text: string }>
  close(): Promise<void>
}

/** One answer. */
export interface Parts {
  readonly models: { readonly nodes: readonly ModelPart[] }
  readonly useCases: object | null
  readonly attestations: object | null
  readonly observations: object | null
}

interface ModelPart {
  readonly name: string
  readonly attestations: readonly object[] | null
  readonly waivers: readonly object[] | null
  readonly review: { readonly state: string } | null
  readonly compliance: {
    readonly status: string
    readonly findings: readonly {
      readonly outcome: string
      readonly message: string
      readonly waivedBy: string | null
    }[]
    readonly incomplete: readonly { readonly reason: string; readonly message: string }[]
  } | null
}

/** Milliseconds that a query has. */
export const DEADLINE = 6_000
/** It fails on the model, and can be waived. */
export const POLICY = 'purpose-stated'
export const MODEL = 'Model:mlflow:credit'

const createdAt = Date.UTC(2026, 0, 5)
const data: MlflowData = {
  models: [
    {
      name: 'credit',
      createdAt,
      tags: { owner: 'ann' },
      aliases: { champion: '1' },
      versions: [{ createdAt, source: 's3://models/credit' }],
    },
  ],
}

const LOOK = `query Look($policy: ID!) {
  models { nodes { name attestations { id } waivers { id } review { state }
    compliance { status findings(rules: [$policy]) { outcome message waivedBy } incomplete { reason message } } } }
  useCases { totalCount } attestations { totalCount } observations { totalCount }
}`
const ATTEST = `mutation Attest($statement: String!) {
  attest(input: { subject: "${MODEL}", kind: REVIEW, statement: $statement }) { id statement }
}`

export async function startJudged(state: State): Promise<Judged> {
  const mlflow = await startMlflow({ version: '3.17.2', data })
  const registry = await startFaultServer({ target: mlflow.url })
  const graph = await startGraph({
    ...{ state, sources: [{ id: 'mlflow', kind: 'mlflow', url: registry.url }] },
    settings: {
      gateway: { requestDeadlineMilliseconds: DEADLINE },
      index: { freshSeconds: 1, staleSeconds: 3_600 },
      http: { requestTimeout: 2_000, indexTimeout: 2_000 },
    },
  })
  return {
    ...{ graph, registry },
    async look() {
      const start = performance.now()
      const answer = await graph.ask(LOOK, { variables: { policy: POLICY } })
      return { answer, parts: answer.data as Parts, milliseconds: performance.now() - start }
    },
    attest: (statement, key) =>
      graph.ask(ATTEST, {
        variables: { statement },
        ...(key !== undefined && { headers: { 'idempotency-key': key } }),
      }),
    async waive() {
      const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
      await graph.data('mutation Waive($input: WaiveInput!) { waive(input: $input) { id } }', {
        input: { subject: MODEL, policy: POLICY, reason: 'is new', expiresAt },
      })
    },
    async gate(policies) {
      const response = await fetch(`${graph.url}/gate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ subject: 'credit@champion', ...(policies && { policies }) }),
      })
      return { status: response.status, text: await response.text() }
    },
    async close() {
      await graph.close()
      await registry.close()
      await mlflow.close()
    },
  }
}
