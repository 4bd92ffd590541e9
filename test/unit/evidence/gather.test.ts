import { describe, expect, it } from 'vitest'
import type { Ask } from '#gateway/evidence/ask.ts'
import { type Evidence, gather } from '#gateway/evidence/gather.ts'
import { completenessOf } from '#gateway/evidence/holes.ts'
import { askOf, bare, down, evidenceOf, from, ID, source } from './evidence.ts'

const model = (fields: object) => ({ model: fields })
const sources = { sources: [source('mlflow'), source('server', 'DOWN')] }
const node = (version: number) => ({ id: `v${version}`, version: String(version) })

describe('what a pack asks', () => {
  it('is nothing more where there is no such model, or none that the caller may see', async () => {
    const ask = askOf({ model: model(null as never) })
    expect(await gather({ id: ID, first: ask, ask, pageSize: 500 })).toBeUndefined()
    expect(ask.asked).toHaveLength(1)
  })

  it('is not "none" where the registry is silent', async () => {
    const failure = {
      ...{ message: 'mlflow is down', path: ['model'] },
      extensions: { code: 'UPSTREAM_UNAVAILABLE', source: 'mlflow' },
    }
    const evidence = await evidenceOf({ model: failure })
    expect(evidence.model).toMatchObject({ value: null, why: [{ source: 'mlflow', reason: 'DOWN' }] })
    expect(completenessOf(evidence)).toMatchObject({ incomplete: true, missing: [{ source: 'mlflow', at: ['model'] }] })
  })

  it('follows the pages of versions in the size that the gateway allows, and says where it stops', async () => {
    const total = 1_200
    const versions = ({ first, after }: Record<string, unknown>) => {
      const start = Number(after ?? 0)
      const end = Math.min(total, start + Number(first))
      const nodes = Array.from({ length: end - start }, (_, i) => node(start + i))
      const pageInfo = { hasNextPage: end < total, endCursor: String(end) }
      return model({ versions: { nodes, totalCount: total, pageInfo, incomplete: [] } })
    }
    const evidence = await evidenceOf({ model: model(bare()), versions }, 50)
    expect(evidence.versions.nodes).toHaveLength(1_000)
    expect(evidence.asked.filter(({ question }) => question === 'versions')).toHaveLength(20)
    expect(completenessOf(evidence).missing).toMatchObject([
      { reason: 'TRUNCATED', count: 200, message: expect.stringContaining('1200 versions'), at: ['bounds'] },
    ])
  })

  it('is of the champion, of what is served and of the newest version, each once, and no more than the bound', async () => {
    const served = Array.from({ length: 30 }, (_, i) => ({ version: String(i), servedModel: { id: `s${i}` } }))
    const evidence = await evidenceOf({
      model: model({ ...bare(), champion: { id: 'x', version: '3' }, latestVersion: { id: 'y', version: '3' } }),
      served: model({ served: { nodes: served, incomplete: [] } }),
    })
    expect(evidence.inUse[0]).toMatchObject({
      ...{ id: 'ModelVersion:mlflow:churn:3', version: '3', uses: ['champion', 'served', 'newest'] },
    })
    expect(evidence.inUse).toHaveLength(20)
    const cut = completenessOf(evidence).missing.filter(({ reason }) => reason === 'TRUNCATED')
    expect(cut.map(({ count, message }) => [count, message.slice(0, 36)])).toEqual([
      [10, 'There are 30 versions in use; a pack'],
      [11, 'There are 21 things to walk the line'],
    ])
  })
})

describe('a pack', () => {
  it('is whole where all that was asked answered and is fresh', async () => {
    const completeness = completenessOf(await evidenceOf({ model: model(bare()), sources }))
    expect(completeness).toMatchObject({ incomplete: false, missing: [], stale: [] })
    expect(completeness.oldestFact).toBe('2026-11-24T11:59:00.000Z')
  })

  it('tells each hole once, with all questions it is in, and apart what nobody could tell', async () => {
    const uncovered = down('', 'NOT_CONFIGURED')
    const completeness = completenessOf(
      await evidenceOf({
        ...{ model: model(bare()), sources },
        served: model({ served: { nodes: [], incomplete: [down('server')] } }),
        monitoring: model({ monitoring: { incomplete: [down('server'), uncovered] } }),
        applications: model({ applications: { nodes: [], incomplete: [down('catalog', 'FORBIDDEN', 3)] } }),
      }),
    )
    expect(completeness.incomplete).toBe(true)
    expect(completeness.missing).toEqual([
      { ...down('catalog', 'FORBIDDEN', 3), at: ['applications'] },
      { ...down('server'), at: ['monitoring', 'served'] },
    ])
    expect(completeness.uncovered).toEqual([{ ...uncovered, at: ['monitoring'] }])
  })

  it.each([
    ['DOWN', true],
    ['UP', false],
  ])('from the memory of a source that is %s is incomplete: %s', async (state, incomplete) => {
    const old = '2026-11-20T00:00:00.000Z'
    const completeness = completenessOf(
      await evidenceOf({
        model: model({ ...bare(), provenance: from('mlflow', old, true) }),
        sources: { sources: [source('mlflow', state)] },
      }),
    )
    expect(completeness).toMatchObject({
      ...{ incomplete, oldestFact: old, stale: [{ source: 'mlflow', oldest: old, state }] },
    })
  })

  it('tells apart what the graph that is served has no part for', async () => {
    const ask = askOf({ model: model(bare()), sources })
    const without: Ask = async (question, variables) => {
      const answer = await ask(question, variables)
      return question === 'health' ? { ...answer, data: null, unknown: true } : answer
    }
    const evidence = await gather({ id: ID, first: without, ask: without, pageSize: 500 })
    const { incomplete, uncovered } = completenessOf(evidence as Evidence)
    expect(incomplete).toBe(false)
    expect(uncovered).toMatchObject([{ reason: 'NOT_CONFIGURED', at: ['health'] }])
  })

  it('counts an error without a place', async () => {
    const failure = { message: 'The "health" part did not answer.', extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }
    const completeness = completenessOf(await evidenceOf({ model: model(bare()), health: failure }))
    expect(completeness.missing).toMatchObject([{ reason: 'DOWN', message: failure.message, at: ['health'] }])
  })
})
