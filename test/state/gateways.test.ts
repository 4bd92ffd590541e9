import { afterEach, describe, expect, test } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startGraph } from '../federation/graph.ts'
import { places } from './places.ts'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const ATTEST = `mutation Attest($statement: String!) {
  attest(input: { subject: "Model:mlflow:churn", kind: REVIEW, statement: $statement }) { id at }
}`

describe.each(places)('gateways that share a state in %s', (_, createPlace) => {
  test('do once what is asked of all of them with one Idempotency-Key, and show it at once', async () => {
    const place = await createPlace()
    const createdAt = Date.UTC(2026, 0, 5)
    const mlflow = await startMlflow({
      version: '3.17.2',
      data: { models: [{ name: 'churn', createdAt, versions: [] }] },
    })
    closing.push(place.close, mlflow.close)
    const sources = [{ id: 'mlflow', kind: 'mlflow', url: mlflow.url }]
    const start = async () => {
      const graph = await startGraph({ sources, state: place.open() })
      closing.push(graph.close)
      return graph
    }
    const graphs = await Promise.all([start(), start(), start()])
    const ask = (graph: (typeof graphs)[number], key: string, statement = 'well') =>
      graph.ask(ATTEST, { variables: { statement }, headers: { 'idempotency-key': key } })

    for (const key of ['a', 'b', 'c']) {
      const answers = await Promise.all([...graphs, ...graphs].map((graph) => ask(graph, key)))
      expect(answers.map(({ errors }) => errors)).toEqual(answers.map(() => undefined))
      expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1)
      const refused = await Promise.all(graphs.map((graph) => ask(graph, key, 'other')))
      for (const { errors } of refused) expect(errors?.[0]?.extensions?.code).toBe('IDEMPOTENCY_KEY_REUSED')
      const counts = await Promise.all(graphs.map((graph) => graph.data('{ attestations { totalCount } }')))
      expect(counts).toEqual(graphs.map(() => ({ attestations: { totalCount: 'abc'.indexOf(key) + 1 } })))
    }
  })
})
