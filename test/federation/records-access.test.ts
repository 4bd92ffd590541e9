import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MlflowData, startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { makeKey } from '#gateway/keys.ts'
import { createMemoryState } from '#lib/state/create.ts'
import { type Answer, type Graph, startGraph } from './graph.ts'

const createdAt = Date.UTC(2026, 0, 5)
const model = (name: string, domain: string) => ({
  ...{ name, createdAt, tags: { domain }, aliases: { champion: '1' } },
  versions: [{ createdAt, source: `s3://models/${name}` }],
})
const data: MlflowData = { models: [model('open', 'shown'), model('hush', 'hidden')] }

const all = ['reader', 'validator', 'approver', 'risk-officer', 'auditor', 'admin'] as const
const callers = [...all, 'limited', 'nobody'] as const
type Caller = (typeof callers)[number]
const keys = Object.fromEntries(callers.map((id) => [id, makeKey(id)]))
const everyRole = ['validator', 'approver', 'risk-officer', 'auditor']
const rolesOf = (id: Caller) =>
  id === 'limited' ? ['limited', ...everyRole] : id === 'nobody' ? everyRole : ['all', id]

const HUSH = 'Model:mlflow:hush'
const HUSH_1 = 'ModelVersion:mlflow:hush:1'
const OPEN = 'Model:mlflow:open'
/** Stands in every text that is recorded on what is hidden. */
const SECRET = 'between-us'
const expiresAt = new Date(Date.now() + 86_400_000).toISOString()

let graph: Graph
const state = createMemoryState()
const closers: (() => Promise<void>)[] = []
/** Ids of what is recorded on what is hidden. */
let ids: { attestation: string; waiver: string; useCase: string }

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any
async function as(caller: Caller, query: string, variables: object = {}) {
  const headers = { authorization: `Bearer ${keys[caller]?.key}` }
  return (await graph.ask(query, { variables, headers })) as Answer & { data?: Json }
}
async function done(caller: Caller, query: string, variables: object = {}): Promise<Json> {
  const { data: answer, errors } = await as(caller, query, variables)
  expect(errors).toBeUndefined()
  return answer
}

const ATTEST = 'mutation A($input: AttestInput!) { attest(input: $input) { id } }'
const WAIVE = 'mutation W($input: WaiveInput!) { waive(input: $input) { id } }'
const DECLARE = 'mutation D($input: UseCaseInput!) { declareUseCase(input: $input) { id } }'
const REVOKE_A = 'mutation R($id: ID!) { revokeAttestation(id: $id, reason: "x") { id } }'
const REVOKE_W = 'mutation R($id: ID!) { revokeWaiver(id: $id, reason: "x") { id } }'
const GATE = 'mutation G($subject: ID!) { recordGate(subject: $subject) { subject decision reason } }'
const attestation = (subject: string, more: object = {}) => ({
  input: { subject, kind: 'REVIEW', statement: SECRET, ...more },
})
const waiver = (subject: string, policy = 'purpose-stated') => ({
  input: { subject, policy, reason: SECRET, expiresAt },
})
const useCase = (models: string[], domain: string) => ({
  input: { name: `For ${domain}`, description: SECRET, domain, status: 'ACTIVE', models },
})

beforeAll(async () => {
  const mlflow = await startMlflow({ version: '3.17.2', data })
  // One endpoint serves both: who may see it may not see all that it serves.
  const triton = await startOpenInference({
    dialect: 'triton',
    models: ['open', 'hush'].map((name) => ({ name, version: '1' })),
  })
  graph = await startGraph({
    state,
    sources: [
      { id: 'mlflow', kind: 'mlflow', url: mlflow.url },
      {
        ...{ id: 'triton', kind: 'open-inference', url: triton.url, registry: 'mlflow' },
        convention: 'name-and-version',
      },
    ],
    settings: {
      access: [
        { roles: ['all'], see: 'all' },
        { roles: ['limited'], see: { domains: ['shown'] } },
        { roles: ['limited'], see: { sources: ['triton'] } },
      ],
      gateway: { keys: callers.map((id) => ({ id, hash: keys[id]?.hash, roles: rolesOf(id) })) },
    },
  })
  closers.push(graph.close, mlflow.close, triton.close)
  const { attest } = await done('validator', ATTEST, attestation(HUSH))
  await done('validator', ATTEST, attestation(HUSH_1))
  const { waive } = await done('risk-officer', WAIVE, waiver(HUSH))
  const { declareUseCase } = await done('risk-officer', DECLARE, useCase([HUSH], 'hidden'))
  await done('risk-officer', DECLARE, useCase([OPEN, HUSH], 'shown'))
  await done('reader', GATE, { subject: HUSH_1 })
  await done('validator', ATTEST, attestation(OPEN, { statement: 'in the open' }))
  const content = { observation: 'CHAMPION_CHANGED', models: [HUSH], versions: [HUSH_1], before: null, after: '1' }
  const rest = { by: SECRET, source: 'mlflow', precisionSeconds: 1, initial: false, backfilled: false }
  const shared = { ...content, ...rest, observation: 'SERVED_CHANGED', models: [OPEN, HUSH] }
  await state.append([
    { kind: 'observation', subject: HUSH, actor: 'service:observer', content: { ...content, ...rest } },
    { kind: 'observation', subject: 'Endpoint:triton', actor: 'service:observer', content: shared },
  ])
  ids = { attestation: attest.id, waiver: waive.id, useCase: declareUseCase.id }
}, 60_000)
afterAll(async () => {
  for (const close of closers) await close()
})

describe.each(['limited', 'nobody'] as const)('who may not see a model (%s)', (caller) => {
  /** Everything that such a caller is told must hold none of it. */
  async function expectNothing(query: string, variables: object = {}): Promise<Json> {
    const answer = await as(caller, query, variables)
    expect(JSON.stringify(answer)).not.toContain(SECRET)
    return answer.data
  }

  it('reads nothing recorded on it by its ids', async () => {
    const nodes = await expectNothing(
      `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename
        ... on Model { attestations { statement } waivers { reason } useCases { description } compliance { status } }
        ... on ModelVersion { attestations { statement } waivers { reason } compliance { status } }
        ... on Attestation { statement by subjectId } ... on Waiver { reason subjectId } ... on UseCase { description modelIds } } }`,
      { ids: [HUSH, HUSH_1, ...Object.values(ids)] },
    )
    // The gateway takes an id for a model without asking who has it: each part has to refuse by itself.
    const told = nodes.nodes.map((node: Json) => node && Object.values({ ...node, __typename: null }))
    expect(told.flat()).toEqual(told.flat().map(() => null))
  })

  it.each(['attestations', 'waivers'])(
    'finds nothing in %s, and cannot tell it from a model that there is not',
    async (field) => {
      const list = `query ($subject: ID, $first: Int, $before: DateTime) { ${field}(subject: $subject, first: $first, expiringBefore: $before) {
      totalCount nodes { id } edges { cursor } pageInfo { hasNextPage endCursor } incomplete { reason count } } }`
      for (const first of [0, 1, 50]) {
        const of = async (subject: string) => (await expectNothing(list, { subject, first }))[field]
        expect(await of(HUSH)).toEqual(await of('Model:mlflow:no-such-model'))
        expect(await of(HUSH)).toMatchObject({ totalCount: null, nodes: [], pageInfo: { hasNextPage: false } })
      }
      const whole = (await expectNothing(list, { first: 50 }))[field]
      expect(whole).toMatchObject({ totalCount: null, incomplete: [{ reason: 'FORBIDDEN', count: null }] })
      // A bound on the end of what is hidden must not tell when that is.
      const some = (before: string) => expectNothing(list, { first: 0, before })
      expect(await some(new Date(Date.now() + 3_600_000).toISOString())).toEqual(await some('2099-01-01T00:00:00Z'))
    },
  )

  it('finds nothing of it in the audit chain, whoever audits', async () => {
    const list = `query ($subject: ID, $actor: String) { audit(subject: $subject, actor: $actor, first: 50) {
      totalCount nodes { subject action detail actor } pageInfo { hasNextPage } } }`
    for (const subject of [HUSH, HUSH_1, ids.useCase]) {
      const { audit } = await expectNothing(list, { subject })
      expect(audit).toEqual({ totalCount: null, nodes: [], pageInfo: { hasNextPage: false } })
    }
    const { audit } = await as(caller, list).then((answer) => answer.data)
    expect(audit.totalCount).toBeNull()
    // Nor in what is recorded on other things: a use case of both models, an endpoint that serves both.
    const told = audit.nodes.map(({ subject, detail }: Json) => [subject, detail].join(' '))
    for (const text of told) expect(text).not.toContain('hush')
    expect(told.some((text: string) => text.includes('in the open'))).toBe(caller === 'limited')
  })

  it('finds nothing of it in use cases, observations, the gate, and what refers to it', async () => {
    const LISTS = `{ useCases(domain: "hidden") { totalCount nodes { description } }
      observations(where: { subject: "${HUSH}" }) { totalCount nodes { after by } }
      gate(subject: "${HUSH_1}") { decision reason } model(id: "${HUSH}") { history { totalCount } productionAt(at: "2026-06-01T00:00:00Z") { known } } }`
    expect(await expectNothing(LISTS)).toEqual({
      ...{
        useCases: { totalCount: 0, nodes: [] },
        observations: { totalCount: 0, nodes: [] },
        gate: null,
        model: null,
      },
    })
    const REFERRED = `{ endpoints { nodes { served { name origins { nodes { modelVersion { id attestations { statement } waivers { reason }
      model { id attestations { statement } waivers { reason } compliance { summary } } } } } } } }
      useCases { nodes { name modelIds models { id attestations { statement } } } } }`
    await expectNothing(REFERRED)
  })

  it('can change nothing of it, whatever roles there are, and is given no pack of it', async () => {
    const { sequence } = await state.head()
    const tries: [string, object][] = [
      [ATTEST, attestation(HUSH, { statement: 'x' })],
      [WAIVE, { input: { ...waiver(HUSH).input, reason: 'x' } }],
      [DECLARE, { input: { ...useCase([HUSH], 'shown').input, description: 'x' } }],
      [DECLARE, { input: { ...useCase([], 'shown').input, id: ids.useCase, description: 'x' } }],
      [REVOKE_A, { id: ids.attestation }],
      [REVOKE_W, { id: ids.waiver }],
      [GATE, { subject: HUSH_1 }],
    ]
    for (const [query, variables] of tries) {
      expect(Object.values((await expectNothing(query, variables)) ?? {})).toEqual([null])
    }
    expect(await state.head()).toMatchObject({ sequence })
    const headers = { authorization: `Bearer ${keys[caller]?.key}` }
    for (const of of [HUSH, 'hush']) {
      const pack = await fetch(`${graph.url}/evidence?of=${encodeURIComponent(of)}`, { headers })
      expect(pack.status).toBe(404)
    }
    const gate = await fetch(`${graph.url}/gate`, {
      ...{ method: 'POST', headers: { ...headers, 'content-type': 'application/json' } },
      body: JSON.stringify({ subject: 'hush@champion' }),
    })
    expect(gate.status).toBe(404)
  })
})

describe('each mutation', () => {
  const mild = 'purpose-stated'
  const kinds = { VALIDATION: 'validator', REVIEW: 'validator', APPROVAL: 'approver', EXCEPTION: 'approver' }
  const table: [string, string, (of: typeof ids) => object, readonly string[]][] = [
    ...Object.entries({ ...kinds, RISK_TIER: 'risk-officer' }).map(([kind, role]): (typeof table)[number] => [
      `attest ${kind}`,
      ATTEST,
      () => attestation(OPEN, { kind, statement: 'HIGH' }),
      [role],
    ]),
    ['waive', WAIVE, () => waiver(OPEN, mild), ['approver', 'risk-officer']],
    ['declareUseCase', DECLARE, () => useCase([OPEN], 'shown'), ['risk-officer']],
    ['revokeAttestation', REVOKE_A, (of) => ({ id: of.attestation }), ['validator']],
    ['revokeWaiver', REVOKE_W, (of) => ({ id: of.waiver }), ['approver', 'risk-officer']],
    ['recordGate', GATE, () => ({ subject: 'ModelVersion:mlflow:open:1' }), [...all]],
  ]

  it.each(table)(
    '%s is for those who may, and records nothing for others',
    async (name, query, variables, accepted) => {
      const severity = (await done('reader', '{ policies { id severity } }')).policies.find(
        (one: Json) => one.id === mild,
      )
      expect(severity.severity).not.toBe('CRITICAL')
      for (const caller of all) {
        const { attest } = await done('admin', ATTEST, attestation(OPEN, { statement: 'for this test' }))
        const { waive } = await done('admin', WAIVE, waiver(OPEN, mild))
        const { sequence } = await state.head()
        const { data: answer, errors } = await as(
          caller,
          query,
          variables({ ...ids, attestation: attest.id, waiver: waive.id }),
        )
        const may = caller === 'admin' || accepted.includes(caller)
        const [made] = Object.values(answer ?? {})
        expect([name, caller, made !== null]).toEqual([name, caller, may])
        expect([name, caller, (await state.head()).sequence - sequence]).toEqual([name, caller, may ? 1 : 0])
        if (!may) expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
      }
    },
  )

  it('is taken from nobody without a key, from no page of another site, and not by GET', async () => {
    const { sequence } = await state.head()
    const query = `mutation { recordGate(subject: "ModelVersion:mlflow:open:1") { decision } }`
    const authorization = `Bearer ${keys.admin?.key}`
    const bodies: [string, string][] = [
      ['text/plain', JSON.stringify({ query })],
      ['application/x-www-form-urlencoded', new URLSearchParams({ query }).toString()],
      [
        'multipart/form-data; boundary=x',
        `--x\r\ncontent-disposition: form-data; name="query"\r\n\r\n${query}\r\n--x--\r\n`,
      ],
    ]
    for (const [type, body] of bodies) {
      for (const path of ['/graphql', '/gate']) {
        const answer = await fetch(`${graph.url}${path}`, {
          ...{ method: 'POST', body: path === '/gate' ? body.replace('query', 'subject') : body },
          headers: { 'content-type': type, authorization, origin: 'https://elsewhere.example' },
        })
        expect([path, type, answer.status >= 400 && answer.status < 500]).toEqual([path, type, true])
      }
    }
    const got = await fetch(`${graph.url}/graphql?query=${encodeURIComponent(query)}`, {
      headers: { authorization, 'apollo-require-preflight': 'yes' },
    })
    expect(got.status).toBe(405)
    expect((await fetch(`${graph.url}/gate?subject=open@1`, { headers: { authorization } })).status).toBe(405)
    expect((await state.head()).sequence).toBe(sequence)
  })
})
