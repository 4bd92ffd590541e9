import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statementsOf } from '#demo/company/statements.ts'
import { startCompanyGraph } from './company-graph.ts'
import type { Graph } from './graph.ts'

interface Governed {
  models: { nodes: { name: string; compliance: { status: string }; risk: { overtaken: boolean | null } }[] }
  waivers: { nodes: { expiresAt: string; reason: string }[] }
  attestations: { nodes: { statement: string; revokedAt: string | null; independent: boolean | null }[] }
  audit: { nodes: { action: string; detail: string }[] }
}

describe('what people said at the demonstration company', () => {
  let graph: Graph
  let data: Governed
  beforeAll(async () => {
    graph = await startCompanyGraph(({ sources: _, ...settings }) => settings)
    data = await graph.data<Governed>(`{
      models { nodes { name compliance { status } risk { overtaken } } }
      waivers(first: 100) { nodes { expiresAt reason } }
      attestations(first: 100) { nodes { statement revokedAt independent } }
      audit(first: 200) { nodes { action detail } }
    }`)
  })
  afterAll(() => graph.close())

  it('leads to each word of compliance', () => {
    const status = (name: string) => data.models.nodes.find((model) => model.name === name)?.compliance.status
    expect(['liquidity-forecast', 'deposit-decay', 'card-fraud', 'credit-limit'].map(status)).toEqual([
      ...['COMPLIANT', 'COMPLIANT_WITH_WAIVERS', 'UNKNOWN', 'NON_COMPLIANT'],
    ])
  })

  it('has a decision that facts have overtaken, and a validation that was taken back', () => {
    expect(data.models.nodes.filter(({ risk }) => risk.overtaken).map(({ name }) => name)).toEqual(['loan-default'])
    expect(data.attestations.nodes.filter(({ revokedAt }) => revokedAt !== null)).toHaveLength(1)
  })

  it('has a waiver that ends in ten days, and one that has ended', () => {
    const days = data.waivers.nodes.map(({ expiresAt }) => (Date.parse(expiresAt) - Date.now()) / 86_400_000)
    expect(days.filter((left) => left < 0)).toHaveLength(1)
    expect(days.filter((left) => left > 9 && left < 11)).toHaveLength(1)
  })

  it('says of itself that it is made up', () => {
    const people = new Set(['attestation', 'attestation-revoked', 'waiver', 'use-case', 'gate'])
    const said = data.audit.nodes.filter(({ action }) => people.has(action))
    expect(said).toHaveLength(statementsOf(() => 0).length)
    for (const { detail } of said) expect(detail).toContain('Made up for the demonstration')
  })

  it('is about things that are there', async () => {
    const ids = [...new Set(statementsOf(() => 0).flatMap(({ subject }) => subject ?? []))]
    const { nodes } = await graph.data<{ nodes: ({ id: string } | null)[] }>(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on ModelVersion { version } ... on Model { name } } }',
      { ids },
    )
    expect(nodes.map((node) => node?.id)).toEqual(ids)
  })
})
