import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { makeKey } from '#gateway/keys.ts'
import type { Graph } from './graph.ts'
import { type Observed, startObserved, WEBHOOK_SECRET } from './observed.ts'

const [CHURN, CREDIT] = ['Model:registry:churn', 'Model:registry:credit'] as const
const [V1, V2] = ['ModelVersion:registry:churn:1', 'ModelVersion:registry:churn:2'] as const

const observed: Observed[] = []
afterEach(async () => {
  for (const one of observed.splice(0)) await one.close()
})
async function start(settings?: object, withServer = true): Promise<Observed> {
  const one = await startObserved(settings, withServer)
  observed.push(one)
  return one
}

interface Seen {
  kind: string
  subject: string
  before: string | null
  after: string | null
  at: string
  initial: boolean
  backfilled: boolean
  precisionSeconds: number | null
  source: string
  modelVersion: { version: string } | null
}

const FIELDS =
  'id kind subject at before after by source initial backfilled precisionSeconds model { name } modelVersion { version }'

async function history(graph: Graph, model: string = CHURN): Promise<Seen[]> {
  const { model: found } = await graph.data<{ model: { history: { nodes: Seen[] } } }>(
    `query ($id: ID!) { model(id: $id) { history { nodes { ${FIELDS} } totalCount incomplete { reason } } } }`,
    { id: model },
  )
  return found.history.nodes
}

/** The history, once it shows what is expected. */
async function historyWith(graph: Graph, expected: Partial<Seen>): Promise<Seen[]> {
  return vi.waitFor(
    async () => {
      const seen = await history(graph)
      expect(seen).toContainEqual(expect.objectContaining(expected))
      return seen
    },
    { timeout: 12_000, interval: 100 },
  )
}

async function productionAt(graph: Graph, at: Date | string) {
  const { model } = await graph.data<{ model: { productionAt: Record<string, unknown> } }>(
    `query ($id: ID!, $at: DateTime!) { model(id: $id) { productionAt(at: $at) {
      known modelVersion { version } served { version } observedAt firstObservationAt precisionSeconds
    } } }`,
    { id: CHURN, at: new Date(at).toISOString() },
  )
  return model.productionAt
}

const champion = (after: string) => ({ kind: 'CHAMPION_CHANGED', after })

describe('an observer', () => {
  it('writes down what it finds first, what tools remember, and what changes, with how late it may have seen it', async () => {
    const { graph, promote, triton } = await start()
    const first = await historyWith(graph, champion('1'))
    expect(first.find(({ kind }) => kind === 'CHAMPION_CHANGED')).toMatchObject({
      ...{ subject: CHURN, before: null, initial: true, backfilled: false, precisionSeconds: null, source: 'registry' },
      modelVersion: { version: '1' },
    })
    expect(first.filter(({ kind }) => kind === 'VERSION_CREATED')).toEqual([
      expect.objectContaining({ subject: V2, backfilled: true, initial: false, precisionSeconds: 0 }),
      expect.objectContaining({ subject: V1, backfilled: true, initial: false, precisionSeconds: 0 }),
    ])
    const beforeMove = new Date()
    // The registry is asked every 5 seconds at most; until it was again, nobody knows.
    await vi.waitFor(async () => expect(await productionAt(graph, beforeMove)).toMatchObject({ known: true }), {
      timeout: 10_000,
    })

    await promote('churn', '2')
    const moved = Date.now()
    const after = await historyWith(graph, champion('2'))
    const [move] = after
    expect(move).toMatchObject({ before: '1', after: '2', initial: false, modelVersion: { version: '2' } })
    const seenAt = Date.parse(move?.at ?? '')
    expect(seenAt).toBeGreaterThanOrEqual(moved - 50)
    expect(seenAt - Number(move?.precisionSeconds) * 1_000).toBeLessThanOrEqual(moved)
    expect(move?.precisionSeconds).toBeLessThan(12)

    triton.setState('churn', '2', 'ready')
    await historyWith(graph, { kind: 'SERVED_CHANGED', before: '1', after: '1, 2' })

    // Before the first look, before the move, within what may be the move, and after it.
    expect(await productionAt(graph, '2026-01-01')).toMatchObject({ known: false, modelVersion: null, served: null })
    expect(await productionAt(graph, beforeMove)).toMatchObject({ known: true, modelVersion: { version: '1' } })
    expect(await productionAt(graph, new Date(seenAt - 1))).toMatchObject({ known: false, modelVersion: null })
    await vi.waitFor(
      async () => {
        expect(await productionAt(graph, new Date(seenAt + 1))).toMatchObject({
          ...{ known: true, modelVersion: { version: '2' }, observedAt: move?.at },
          precisionSeconds: move?.precisionSeconds,
        })
      },
      { timeout: 10_000 },
    )
    // Nobody knows the future.
    expect(await productionAt(graph, new Date(Date.now() + 60_000))).toMatchObject({ known: false })
  })

  it('tells of versions what they waited for, what was before them, and what changed since', async () => {
    const { graph, promote } = await start()
    await historyWith(graph, champion('1'))
    await promote('churn', '2')
    await historyWith(graph, champion('2'))
    const { modelVersion, stalledVersions, deliveryMetrics } = await graph.data<Record<string, unknown>>(
      `query ($id: ID!) {
        modelVersion(id: $id) {
          predecessor { version predecessor { version } leadTime { promotedAt promotedBeforeFirstLook totalSeconds stalledAt } }
          leadTime { runStartedAt runEndedAt registeredAt promotedAt servedAt promotedBeforeFirstLook stalledAt stages { stage seconds } }
          changes { from { version } to { version } changes { aspect name before after } incomplete { message } }
        }
        stalledVersions(days: 10) { totalCount nodes { stage since waitedSeconds modelVersion { version model { name } } } incomplete { reason } }
        deliveryMetrics(groupBy: OWNER) {
          group productionShare { value numerator denominator } changeFailRate { censored denominator }
          leadTime { stage seconds { median sampleSize censored } } totalLeadTimeSeconds { sampleSize censored } incomplete { reason }
        }
      }`,
      { id: V2 },
    )
    expect(modelVersion).toMatchObject({
      predecessor: {
        ...{ version: '1', predecessor: null },
        leadTime: { promotedAt: null, promotedBeforeFirstLook: true, totalSeconds: null, stalledAt: null },
      },
      leadTime: {
        ...{ runStartedAt: '2026-01-07T00:00:00.000Z', registeredAt: '2026-01-07T02:00:00.000Z', servedAt: null },
        ...{ promotedBeforeFirstLook: false, stalledAt: 'DEPLOYMENT' },
      },
      changes: {
        ...{ from: { version: '1' }, to: { version: '2' } },
        changes: [
          { aspect: 'PARAMETER', name: 'depth', before: '1', after: '2' },
          { aspect: 'METRIC', name: 'auc', before: '0.1', after: '0.2' },
        ],
      },
    })
    expect((modelVersion as { leadTime: { stages: unknown } }).leadTime.stages).toEqual([
      { stage: 'INTEGRATION', seconds: null },
      { stage: 'TRAINING', seconds: 3_600 },
      { stage: 'REGISTRATION', seconds: 3_600 },
      { stage: 'VALIDATION', seconds: expect.any(Number) },
      { stage: 'DEPLOYMENT', seconds: null },
    ])
    expect(stalledVersions).toMatchObject({
      totalCount: 1,
      nodes: [{ stage: 'VALIDATION', modelVersion: { version: '1', model: { name: 'credit' } } }],
    })
    expect(deliveryMetrics).toMatchObject([
      { group: 'lending', productionShare: { value: 0, numerator: 0, denominator: 1 } },
      {
        ...{ group: 'retention', productionShare: { value: 1 }, changeFailRate: { censored: 1, denominator: 0 } },
        totalLeadTimeSeconds: { sampleSize: 1, censored: 1 },
      },
    ])
  })

  it('starts again without repeating anything', async () => {
    const one = await start()
    await historyWith(one.graph, champion('1'))
    await sleep(1_500)
    const before = await one.state.count({ kinds: ['observation'] })
    await one.graph.close()
    const graph = await one.again()
    await sleep(3_000)
    expect(await one.state.count({ kinds: ['observation'] })).toBe(before)

    await one.graph.close()
    await one.promote('churn', '2')
    const seen = await historyWith(graph, champion('2'))
    expect(seen.filter(({ kind }) => kind === 'CHAMPION_CHANGED')).toHaveLength(2)
  })

  it('sees no change where a source is silent, and says how long it was', async () => {
    const { graph, registry, server, state, promote } = await start()
    await historyWith(graph, champion('1'))
    await historyWith(graph, { kind: 'SERVED_CHANGED', after: '1' })
    await sleep(1_500)
    const before = await state.count({ kinds: ['observation'] })
    await registry.fault({ kind: 'refuse' })
    await server.fault({ kind: 'refuse' })
    await promote('churn', '2')
    await sleep(4_500)
    const silent = await state.read({ kinds: ['observation'] }, { first: 5, after: before, newestFirst: false })
    expect(silent.entries.filter(({ sequence }) => sequence > before)).toEqual([])
    await registry.heal()
    await server.heal()
    const [move] = await historyWith(graph, champion('2'))
    expect(move).toMatchObject({ before: '1', after: '2' })
    expect(move?.precisionSeconds).toBeGreaterThan(3)
    // Within the silence nobody knows.
    const within = new Date(Date.parse(move?.at ?? '') - 2_000)
    expect(await productionAt(graph, within)).toMatchObject({ known: false, modelVersion: null })
  })

  it('looks one at a time where there are two, and writes a change once', async () => {
    const one = await start()
    const two = await one.again()
    await historyWith(one.graph, champion('1'))
    await one.promote('churn', '2')
    await historyWith(one.graph, champion('2'))
    await one.promote('churn', '1')
    await historyWith(two, { ...champion('1'), before: '2' })
    await sleep(1_500)
    const moves = (await history(two)).filter(({ kind }) => kind === 'CHAMPION_CHANGED')
    expect(moves.map(({ before, after }) => [before, after])).toEqual([
      ['2', '1'],
      ['1', '2'],
      [null, '1'],
    ])
  })

  it('looks at once where a tool says that something changed', async () => {
    const { graph, promote } = await start({ delivery: { everySeconds: 600, healthEverySeconds: 600 } })
    await historyWith(graph, champion('1'))
    await promote('churn', '2')
    const body = JSON.stringify({
      ...{ entity: 'model_version_alias', action: 'created', timestamp: new Date().toISOString() },
      data: { name: 'churn', alias: 'champion', version: '2' },
    })
    const [id, seconds] = ['delivery-1', String(Math.floor(Date.now() / 1_000))]
    const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${id}.${seconds}.${body}`).digest('base64')
    const told = await fetch(`${graph.url}/webhooks/mlflow?source=registry`, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', 'x-mlflow-delivery-id': id, 'x-mlflow-timestamp': seconds },
        'x-mlflow-signature': `v1,${signature}`,
      },
      body,
    })
    expect(told.status).toBe(204)
    const [move] = await historyWith(graph, champion('2'))
    expect(move).toMatchObject({ before: '1', after: '2' })
  }, 30_000)
})

describe('without any server', () => {
  it('what registries declare is watched all the same', async () => {
    const { graph, promote } = await start({}, false)
    await historyWith(graph, champion('1'))
    const found = new Date()
    await vi.waitFor(
      async () => expect(await productionAt(graph, found)).toMatchObject({ known: true, served: null }),
      {
        timeout: 10_000,
      },
    )
    await promote('churn', '2')
    const [move] = await historyWith(graph, champion('2'))
    expect(move).toMatchObject({ initial: false, precisionSeconds: expect.any(Number) })
    expect((await history(graph)).map(({ kind }) => kind)).not.toContain('SERVED_CHANGED')
  })
})

describe('the list of observations', () => {
  it('is paged newest first, filtered, and stays right while more is observed', async () => {
    const { graph, promote } = await start()
    await historyWith(graph, champion('1'))
    await sleep(1_500)
    const page = (after: string | null, where: object = {}) =>
      graph.data<{
        observations: { nodes: Seen[]; totalCount: number; pageInfo: { endCursor: string; hasNextPage: boolean } }
      }>(
        `query ($after: String, $where: ObservationFilter) { observations(first: 3, after: $after, where: $where) {
          nodes { ${FIELDS} } totalCount pageInfo { endCursor hasNextPage } incomplete { reason count } } }`,
        { after, where },
      )
    const first = await page(null)
    await promote('churn', '2')
    await historyWith(graph, champion('2'))
    const all: Seen[] = [...first.observations.nodes]
    let { pageInfo } = first.observations
    while (pageInfo.hasNextPage) {
      const next = await page(pageInfo.endCursor)
      all.push(...next.observations.nodes)
      pageInfo = next.observations.pageInfo
    }
    expect(all).toHaveLength(first.observations.totalCount)
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .toSorted()
        .reverse(),
    )

    const kinds = await page(null, { kinds: ['VERSION_CREATED'], domain: 'Credit' })
    expect(kinds.observations.nodes.map(({ subject }) => subject)).toEqual(['ModelVersion:registry:credit:1'])
    const owned = await page(null, {
      owner: 'retention',
      kinds: ['CHAMPION_CHANGED'],
      since: new Date(0).toISOString(),
    })
    expect(owned.observations.totalCount).toBe(2)
    const none = await page(null, { until: '2020-01-01T00:00:00Z' })
    expect(none.observations).toMatchObject({ nodes: [], totalCount: 0 })
    const { errors } = await graph.ask('{ observations(where: { since: "yesterday" }) { totalCount } }')
    expect(errors?.[0]?.message).toContain('since: expected a moment')
  })
})

describe('what was observed', () => {
  it('is shown as the things it is about are, in lists and through any reference, and the rest is counted', async () => {
    const keys = Object.fromEntries(['sales', 'nobody'].map((role) => [role, makeKey(role)]))
    const { graph, promote } = await start({
      access: [{ roles: ['sales'], see: { domains: ['Sales'] } }],
      gateway: { keys: Object.entries(keys).map(([id, { hash }]) => ({ id, hash, roles: [id] })) },
    })
    await promote('credit', '1')
    const promoted = expect.objectContaining({ kind: 'CHAMPION_CHANGED' })
    await vi.waitFor(async () => expect(await history(graph, CREDIT)).toContainEqual(promoted), { timeout: 15_000 })
    const as = async (role: string, query: string, variables: object = {}) => {
      const { data, errors } = await graph.ask(query, {
        ...{ variables, headers: { authorization: `Bearer ${keys[role]?.key}` } },
      })
      expect(errors).toBeUndefined()
      // biome-ignore lint/suspicious/noExplicitAny: what comes back depends on the query
      return data as any
    }
    const LIST = `query ($where: ObservationFilter) { observations(where: $where) { totalCount nodes { subject model { name } } incomplete { source reason count } } }`
    const { observations } = await as('sales', LIST)
    expect(new Set(observations.nodes.map(({ model }: { model: { name: string } }) => model.name))).toEqual(
      new Set(['churn']),
    )
    // The model and its version, and the endpoint.
    expect(observations.incomplete).toContainEqual({ source: 'registry', reason: 'FORBIDDEN', count: 2 })
    expect(observations.incomplete).toContainEqual({ source: 'server', reason: 'FORBIDDEN', count: 1 })
    const count = async (subject: string) => (await as('sales', LIST, { where: { subject } })).observations
    expect(await count(CREDIT)).toEqual(await count('Model:registry:there-is-none'))
    expect((await as('nobody', LIST)).observations).toMatchObject({ totalCount: 0, nodes: [] })

    const NODES = `query ($ids: [ID!]!, $at: DateTime!, $from: ID!, $to: ID!) {
      nodes(ids: $ids) { ... on Model { history { totalCount incomplete { count } } productionAt(at: $at) { known } } ... on ModelVersion { predecessor { id } leadTime { registeredAt } changes { changes { name } } } }
      compareVersions(from: $from, to: $to) { changes { name } }
      stalledVersions(days: 0) { totalCount nodes { modelVersion { id } } }
      deliveryMetrics { productionShare { denominator } incomplete { source reason count } }
    }`
    const at = new Date().toISOString()
    const hidden = [CREDIT, 'ModelVersion:registry:credit:1']
    const absent = ['Model:registry:none', 'ModelVersion:registry:none:1']
    const asked = (ids: string[]) => as('sales', NODES, { ids, at, from: ids[1], to: V1 })
    expect(await asked(hidden)).toEqual(await asked(absent))
    expect(await asked([CHURN, V1])).toMatchObject({
      nodes: [{ history: { totalCount: expect.any(Number) } }, { leadTime: { registeredAt: expect.any(String) } }],
      ...{ compareVersions: { changes: [] }, stalledVersions: { nodes: [{ modelVersion: { id: V2 } }] } },
      deliveryMetrics: [
        {
          productionShare: { denominator: 1 },
          incomplete: [{ source: 'registry', reason: 'FORBIDDEN', count: 1 }],
        },
      ],
    })
  }, 40_000)
})
