import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kinds } from '#app/kinds.ts'
import { startOpenMetadata } from '#demo/openmetadata/index.ts'
import type { StandIn } from '#demo/stand-in.ts'
import { startUnityCatalog } from '#demo/unity-catalog/index.ts'
import { buildConfig } from '#lib/config/load.ts'
import { type ConnectedSource, connectSources } from '#lib/sources.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { claimAdapters } from '#services/models/adapters.ts'
import type { ModelClaimsPort } from '#services/models/port.ts'

/** A catalog, and what it is known to say of models. */
interface Subject {
  readonly name: string
  start(): Promise<StandIn>
  readonly source: object
  readonly claims: readonly object[]
}

const subjects: readonly Subject[] = [
  {
    name: 'OpenMetadata',
    start: () =>
      startOpenMetadata({
        token: 'secret',
        data: {
          mlmodels: [
            {
              ...{ fullyQualifiedName: 'mlflow_prod."fraud.v2"', name: 'fraud.v2', description: 'Stops fraud' },
              service: { type: 'mlmodelService', name: 'mlflow_prod' },
              owners: [
                { type: 'team', name: 'risk', deleted: false },
                { type: 'user', name: 'ana', deleted: true },
              ],
              domains: [{ type: 'domain', name: 'Payments' }],
              tags: [{ tagFQN: 'Tier.Tier1', source: 'Classification' }],
            },
            {
              fullyQualifiedName: 'constructor.m',
              name: 'm',
              service: { type: 'mlmodelService', name: 'constructor' },
            },
            { fullyQualifiedName: 'mlflow_prod.gone', deleted: true, service: { type: 'mlmodelService', name: 'x' } },
          ],
        },
      }),
    source: { kind: 'openmetadata', auth: { bearer: 'secret' }, modelServices: { mlflow_prod: 'registry' } },
    claims: [
      {
        ...{ name: 'mlflow_prod."fraud.v2"', names: ['fraud.v2'], registry: 'registry', description: 'Stops fraud' },
        domain: 'Payments',
        owners: [
          { name: 'risk', kind: 'TEAM', active: true },
          { name: 'ana', kind: 'PERSON', active: false },
        ],
        tags: [{ key: 'Tier.Tier1', value: null }],
      },
      { name: 'constructor.m', names: ['m'], registry: null, owners: [], domain: null },
    ],
  },
  {
    name: 'Unity Catalog',
    start: () => {
      const at = { created_at: 1 }
      const models = (...names: string[]) => names.map((name) => ({ name, ...at }))
      return startUnityCatalog({
        tokens: { secret: { use: ['ml', 'ml.prod', 'ml.dev'], select: [] } },
        catalogs: [
          {
            ...{ name: 'ml', ...at },
            schemas: [
              // Not granted, and more than a page: the first page is empty.
              { name: 'aaa', ...at, models: models(...Array.from({ length: 120 }, (_, i) => `h${i + 100}`)) },
              { name: 'dev', ...at, models: models('churn') },
              {
                ...{ name: 'prod', ...at },
                models: [...models('churn'), { name: 'fraud@v2', ...at, owner: 'risk', comment: 'Stops fraud' }],
              },
            ],
          },
        ],
      })
    },
    source: { kind: 'unity-catalog', auth: { bearer: 'secret' }, modelsRegistry: 'registry' },
    claims: [
      // Which of the two a registry means by the last part alone cannot be told.
      { name: 'ml.dev.churn', names: ['ml.dev.churn'], registry: 'registry', owners: null },
      { name: 'ml.prod.churn', names: ['ml.prod.churn'], registry: 'registry' },
      {
        ...{ name: 'ml.prod.fraud@v2', names: ['ml.prod.fraud@v2', 'fraud@v2'], registry: 'registry' },
        ...{ description: 'Stops fraud', owners: [{ name: 'risk', kind: 'UNKNOWN', active: null }] },
      },
    ],
  },
]

function connect(source: object): ConnectedSource<ModelClaimsPort> {
  const registry = { id: 'registry', kind: 'mlflow', url: 'http://127.0.0.1:1' }
  const config = buildConfig({ sources: [{ id: 'catalog', ...source }, registry] }, kinds)
  const log = pino({ level: 'silent' })
  const [connected] = connectSources<ModelClaimsPort>(claimAdapters, { config, registries: ['registry'], log })
  if (!connected) throw new Error('No adapter is of that kind: add it to services/models/adapters.ts.')
  return connected
}

describe.each(subjects)('$name as a port of what is said of models', ({ start, source, claims }) => {
  let standIn: StandIn
  let connected: ConnectedSource<ModelClaimsPort>
  const call = () => ({ signal: AbortSignal.timeout(20_000) })
  beforeAll(async () => {
    standIn = await start()
    connected = connect({ ...source, url: standIn.url })
  })
  afterAll(async () => {
    await connected.upstream.close()
    await standIn.close()
  })

  it('tells what it can', async () => {
    const { can, cannot } = await connected.port.probe(call())
    expect([can.length, cannot.length]).not.toContain(0)
  })

  it('tells each model once, with what is known of it', async () => {
    const told = await connected.port.claims(call(), 1_000)
    expect(told).toEqual({ claims: claims.map((claim) => expect.objectContaining(claim)), truncated: false })
    expect(JSON.parse(JSON.stringify(told))).toEqual(told)
    expect(told.claims.every(({ basis }) => basis !== '')).toBe(true)
  })

  it('stops once it has as many as it may', async () => {
    const { claims: some } = await connected.port.claims(call(), 1)
    expect(some.length).toBeLessThanOrEqual(claims.length)
    expect(some.length).toBeGreaterThanOrEqual(1)
  })

  it('rejects as a failure of the source where nobody answers', async () => {
    const gone = connect({ ...source, url: 'http://127.0.0.1:1' })
    await expect(gone.port.claims(call(), 10)).rejects.toSatisfy(
      (error) => error instanceof UpstreamError && error.reason === 'DOWN' && error.source === 'catalog',
    )
    await gone.upstream.close()
  })
})
