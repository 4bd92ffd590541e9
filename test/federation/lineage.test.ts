import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTogether, type Together } from './together.ts'

const RUN = (i: number) => `TrainingRun:registry:${i.toString(16).padStart(31, '0')}a`
const DATASET = (i: number) => `Dataset:s3%3A%2F%2Fwarehouse:tables%2F0000${i}`

interface LineageNode {
  id: string
  type: string
  label: string
  depth: number
  truncated: boolean
  incomplete: { reason: string; source: string | null; count: number | null }[]
}
interface Lineage {
  lineage: {
    root: string
    nodes: LineageNode[]
    edges: { from: string; to: string; field: string; link: { method: string } | null }[]
    incomplete: object[]
  }
}
const WALK = `query ($of: ID!, $direction: LineageWalk, $depth: Int, $maxNodes: Int) {
  lineage(of: $of, direction: $direction, depth: $depth, maxNodes: $maxNodes) {
    root
    nodes { id type label depth truncated incomplete { reason source count } node { id ... on Model { name } } }
    edges { from to field link { method } }
    incomplete { reason source }
  }
}`

/** No catalog and no application is configured here, which every walk over data says, rightly. */
const isHole = ({ reason }: { reason: string }) => reason !== 'NOT_CONFIGURED'

describe('lineage', () => {
  let together: Together
  beforeAll(async () => {
    together = await startTogether({ started: true })
  })
  afterAll(() => together.close())
  const walk = (of: string, more: object = {}) => together.graph.data<Lineage>(WALK, { of, depth: 10, ...more })

  it('leads from a table over run, version and server to the endpoint, with the evidence of each joint', async () => {
    const { lineage } = await walk(DATASET(0), { direction: 'DOWNSTREAM' })
    expect(lineage.nodes.map(({ type, label, depth }) => [depth, type, label])).toEqual([
      [0, 'Dataset', 'tables/00000'],
      [1, 'TrainingRun', 'train 00000'],
      [2, 'ModelVersion', 'model-00000 1'],
      [3, 'Model', 'model-00000'],
      [3, 'ServedModel', 'model-00000'],
      [4, 'Endpoint', 'server'],
    ])
    expect(lineage.edges).toContainEqual({
      from: DATASET(0),
      to: RUN(0),
      field: 'Dataset.usedByRuns',
      link: { method: 'MATCHED' },
    })
    expect(lineage.edges).toContainEqual({
      ...{ from: 'ModelVersion:registry:model-00000:1', to: 'ServedModel:server:server:model-00000:1' },
      ...{ field: 'ModelVersion.servedBy', link: { method: 'MATCHED' } },
    })
    expect(lineage.nodes.every(({ truncated }) => !truncated)).toBe(true)
    expect(lineage.nodes.flatMap(({ incomplete }) => incomplete).filter(isHole)).toEqual([])
  })

  it('finds the same edges from the other end', async () => {
    const down = await walk(DATASET(0), { direction: 'DOWNSTREAM' })
    const up = await walk('ServedModel:server:server:model-00000:1', { direction: 'UPSTREAM' })
    const pairs = ({ lineage }: Lineage) => lineage.edges.map(({ from, to }) => `${from} → ${to}`)
    expect(pairs(down)).toEqual(expect.arrayContaining(pairs(up)))
    expect(up.lineage.nodes.map(({ type }) => type)).toEqual(['ServedModel', 'ModelVersion', 'TrainingRun', 'Dataset'])
  })

  it('both ways holds no siblings, and each thing once', async () => {
    const { lineage } = await walk('ModelVersion:registry:model-00000:1')
    const ids = lineage.nodes.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toContain(DATASET(0))
    expect(ids).toContain('Endpoint:server:server')
    expect(ids.some((id) => id.includes('00001'))).toBe(false)
  })

  it('says where a bound cut it off, at the thing behind which more lies', async () => {
    const { lineage } = await walk(DATASET(0), { direction: 'DOWNSTREAM', depth: 1 })
    expect(lineage.nodes.map(({ id, truncated, incomplete }) => [id, truncated, incomplete.filter(isHole)])).toEqual([
      [DATASET(0), false, []],
      [RUN(0), true, [{ reason: 'TRUNCATED', source: null, count: 1 }]],
    ])
    const few = await walk(DATASET(0), { direction: 'DOWNSTREAM', maxNodes: 2 })
    expect(few.lineage.nodes.map(({ truncated }) => truncated)).toEqual([false, true])
  })

  it('keeps a thing that is gone as a node, and says so', async () => {
    const { lineage } = await walk('ModelVersion:registry:model-00000:99')
    expect(lineage).toMatchObject({
      nodes: [{ label: 'model-00000 99', incomplete: [{ reason: expect.stringMatching(/UNMATCHED|BAD_RESPONSE/) }] }],
      edges: [],
    })
  })

  it('of an id of another graph is null, and bounds that are none are refused', async () => {
    expect(await walk('nonsense')).toEqual({ lineage: null })
    for (const bad of [{ depth: 0 }, { depth: 11 }, { maxNodes: 3_000 }]) {
      const { errors } = await together.graph.ask(WALK, { variables: { of: DATASET(0), ...bad } })
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }])
    }
  })

  it('costs no call to any tool while what it walks over is fresh', async () => {
    await walk(DATASET(0))
    const before = together.registry.calls.length + together.server.calls.length
    await walk(DATASET(0))
    expect(together.registry.calls.length + together.server.calls.length).toBe(before)
  })

  it('has an impact: what is hit, and whom to tell', async () => {
    const query = `query ($of: ID!) { impact(of: $of) { versions { id } models { label } endpoints { type label } others { type } retiredVersions undecidedVersions owners { name } incomplete { reason source } } }`
    const hit = {
      ...{ versions: [{ id: 'ModelVersion:registry:model-00000:1' }], models: [{ label: 'model-00000' }] },
      endpoints: [
        { type: 'ServedModel', label: 'model-00000' },
        { type: 'Endpoint', label: 'server' },
      ],
      ...{
        others: [{ type: 'TrainingRun' }],
        ...{ retiredVersions: 0, undecidedVersions: 0 },
        owners: [{ name: 'team 0' }],
      },
    }
    const ask = async (of: string) => {
      const { impact } = await together.graph.data<{ impact: { incomplete: { reason: string }[] } }>(query, { of })
      expect(impact.incomplete.filter(isHole)).toEqual([])
      return { ...impact, incomplete: undefined }
    }
    expect(await ask(DATASET(0))).toEqual(hit)
    const ofModel = { ...hit, models: [], others: [] }
    expect(await ask('Model:registry:model-00000')).toEqual(ofModel)
  })

  it('with a silent source says at which thing it could not go on', async () => {
    const silent = await startTogether({ settings: { http: { requestTimeout: 500, indexTimeout: 500 } } })
    try {
      await silent.server.fault({ kind: 'refuse' })
      const { lineage } = await silent.graph.data<Lineage>(WALK, {
        of: 'ModelVersion:registry:model-00000:1',
        direction: 'DOWNSTREAM',
      })
      expect(lineage.nodes.find(({ type }) => type === 'ModelVersion')?.incomplete).toMatchObject([
        { reason: 'DOWN', source: 'server' },
      ])
    } finally {
      await silent.close()
    }
  })
})
