import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { ApolloGateway } from '#gateway/executor/apollo-gateway.ts'

const require = createRequire(import.meta.url)

it("Apollo's gateway is imported without the exporters that would tell Apollo of us, and without its HTTP client", () => {
  expect(ApolloGateway).toBeTypeOf('function')
  const imported = Object.keys(require.cache).filter((file) => file.includes('node_modules'))
  expect(imported.some((file) => file.includes('@apollo/gateway/dist/executeQueryPlan'))).toBe(true)
  const unwanted =
    /make-fetch-happen|node-fetch|ts-graphviz|@apollo.composition|exporter-metrics-otlp-http|resource-detector-/
  expect(imported.filter((file) => unwanted.test(file))).toEqual([])
})

it('whoever else imports what it does without finds it whole', () => {
  const there = createRequire(require.resolve('@apollo/gateway'))
  for (const name of ['@opentelemetry/sdk-metrics', 'make-fetch-happen', 'node-fetch', '@apollo/composition']) {
    expect(Object.keys(there(name)), name).not.toEqual([])
  }
})
