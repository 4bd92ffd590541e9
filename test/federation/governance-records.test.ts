import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type MlflowData, startMlflow } from '#demo/mlflow/index.ts'
import { makeKey } from '#gateway/keys.ts'
import { createSqliteState } from '#lib/state/create.ts'
import { verifyChain } from '#lib/state/verify.ts'
import { type Answer, type Graph, startGraph } from './graph.ts'

const createdAt = Date.UTC(2026, 0, 5)
const run = {
  id: '1'.repeat(32),
  experimentId: '1',
  name: 'run',
  user: 'ann',
  startedAt: createdAt,
  tags: { 'mlflow.user': 'ann' },
}
const data: MlflowData = {
  experiments: [{ id: '1', name: 'training', createdAt }],
  runs: [run],
  models: ['credit', 'uplift'].map((name) => ({
    ...{ name, createdAt, tags: { domain: name }, aliases: { champion: '1' } },
    versions: [{ createdAt, source: `runs:/${run.id}/model`, runId: run.id }],
  })),
}

const roles = ['validator', 'approver', 'risk-officer', 'auditor', 'reader', 'elsewhere', 'ann'] as const
const keys = Object.fromEntries(roles.map((role) => [role, makeKey(role)]))
const settings = {
  // `elsewhere` may do everything, but sees one of the two models.
  access: [
    { roles: ['all'], see: 'all' },
    { roles: ['elsewhere'], see: { domains: ['uplift'] } },
  ],
  people: [{ id: 'ann', name: 'Ann', kind: 'person', logins: { identityProvider: ['key:ann'], mlflow: ['ann'] } }],
  gateway: {
    keys: roles.map((id) => ({
      ...{ id, hash: keys[id]?.hash, name: `Name of ${id}` },
      roles:
        id === 'elsewhere'
          ? [id, 'validator', 'approver', 'risk-officer']
          : id === 'ann'
            ? ['all', 'validator']
            : ['all', id],
    })),
  },
}

const CREDIT = 'Model:mlflow:credit'
const VERSION = 'ModelVersion:mlflow:credit:1'
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()

const folder = mkdtempSync(join(tmpdir(), 'modelops-governance-'))
const state = createSqliteState(join(folder, 'state.db'))
let graph: Graph
let second: Graph
const closers: (() => Promise<void>)[] = []
beforeAll(async () => {
  const mlflow = await startMlflow({ version: '3.17.2', data })
  const sources = [{ id: 'mlflow', kind: 'mlflow', url: mlflow.url, formerly: ['old-mlflow'] }]
  graph = await startGraph({ sources, settings, state })
  // Another instance of the gateway, over the same state.
  second = await startGraph({ sources, settings, state: createSqliteState(join(folder, 'state.db')) })
  closers.push(graph.close, second.close, mlflow.close)
  // Two graphs, each with a process for every subgraph where they are distributed.
}, 60_000)
afterAll(async () => {
  for (const close of closers) await close()
  rmSync(folder, { recursive: true })
})

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any
interface Asking {
  readonly variables?: object
  readonly key?: string
  readonly at?: Graph
}

async function as(role: (typeof roles)[number], query: string, { variables = {}, key, at = graph }: Asking = {}) {
  const headers = { authorization: `Bearer ${keys[role]?.key}`, ...(key && { 'idempotency-key': key }) }
  return (await at.ask(query, { variables, headers })) as Answer & { data?: Json }
}
async function dataAs(role: (typeof roles)[number], query: string, asking: Asking = {}): Promise<Json> {
  const { data: answer, errors } = await as(role, query, asking)
  expect(errors).toBeUndefined()
  return answer
}
async function refusedAs(role: (typeof roles)[number], query: string, asking: Asking = {}) {
  const { data: answer, errors = [] } = await as(role, query, asking)
  expect(Object.values(answer ?? {})).toEqual([null])
  return { code: errors[0]?.extensions?.code, message: errors[0]?.message }
}

const ATTEST = `mutation Attest($input: AttestInput!) { attest(input: $input) {
  id subjectId kind statement by byName independent independenceEvidence at expiresAt evidenceUrl revokedAt
} }`
const WAIVE =
  'mutation Waive($input: WaiveInput!) { waive(input: $input) { id subjectId policy by expiresAt revokedAt } }'
const attest = (kind = 'VALIDATION', more: object = {}) => ({
  variables: { input: { subject: CREDIT, kind, statement: 'it holds', ...more } },
})
const waive = (more: object = {}) => ({
  variables: { input: { subject: CREDIT, policy: 'purpose-stated', reason: 'is new', expiresAt: inDays(14), ...more } },
})

describe('who may record what', () => {
  it.each([
    ['VALIDATION', 'validator'],
    ['REVIEW', 'validator'],
    ['APPROVAL', 'approver'],
    ['EXCEPTION', 'approver'],
    ['RISK_TIER', 'risk-officer'],
  ] as const)('%s is for the role %s, and nobody else', async (kind, role) => {
    const statement = kind === 'RISK_TIER' ? 'HIGH, loans' : 'it holds'
    for (const other of roles.filter((one) => one !== role && one !== 'elsewhere' && one !== 'ann')) {
      expect(await refusedAs(other, ATTEST, attest(kind, { statement }))).toEqual({
        code: 'FORBIDDEN',
        message: `To make or take back an attestation ${kind} you need the role ${role}: ask for it.`,
      })
    }
    const { attest: made } = await dataAs(role, ATTEST, attest(kind, { statement }))
    expect(made).toMatchObject({
      subjectId: CREDIT,
      kind,
      by: `key:${role}`,
      byName: `Name of ${role}`,
      revokedAt: null,
    })
  })

  it('waiving what is critical is for risk officers, the rest for approvers too', async () => {
    expect((await refusedAs('validator', WAIVE, waive())).code).toBe('FORBIDDEN')
    const { policies } = await dataAs('reader', '{ policies { id severity } }')
    const [mild, critical] = ['WARNING', 'CRITICAL'].map(
      (wanted) => policies.find((one: Json) => one.severity === wanted).id,
    )
    await dataAs('approver', WAIVE, waive({ policy: mild }))
    expect(await refusedAs('approver', WAIVE, waive({ policy: critical }))).toEqual({
      code: 'FORBIDDEN',
      message: `To waive ${critical} you need the role risk-officer: ask for it.`,
    })
    await dataAs('risk-officer', WAIVE, waive({ policy: critical }))
  })

  it('the audit chain is for those who audit', async () => {
    expect((await refusedAs('reader', '{ audit { totalCount } }')).code).toBe('FORBIDDEN')
    const { audit } = await dataAs(
      'auditor',
      `{ audit(first: 3, subject: "${CREDIT}") { totalCount nodes { sequence actor action subject detail hash previousHash } pageInfo { hasNextPage endCursor } } }`,
    )
    expect(audit).toMatchObject({
      totalCount: await state.count({ subjects: [CREDIT] }),
      pageInfo: { hasNextPage: true },
    })
    const { entries } = await state.read({ subjects: [CREDIT] }, { first: 3, newestFirst: true })
    expect(audit.nodes.map(({ hash }: Json) => hash)).toEqual(entries.map(({ hash }) => hash))
    const rest = await dataAs(
      'auditor',
      `{ audit(first: 500, after: "${audit.pageInfo.endCursor}") { nodes { sequence } } }`,
    )
    expect(rest.audit.nodes[0].sequence).toBe((entries[2]?.sequence ?? 0) - 1)
  })
})

describe('what is refused', () => {
  it.each([
    [
      'a thing that is not there',
      ATTEST,
      attest('VALIDATION', { subject: 'Model:mlflow:nothing' }),
      'subject: there is no Model:mlflow:nothing that you may see',
    ],
    [
      'what is no id',
      ATTEST,
      attest('VALIDATION', { subject: 'credit' }),
      'subject: found credit, expected the id of one of: Model, ModelVersion, Endpoint, Dataset, UseCase',
    ],
    ['an end that is over', ATTEST, attest('VALIDATION', { expiresAt: inDays(-1) }), 'expiresAt: '],
    [
      'an end without a zone',
      ATTEST,
      attest('VALIDATION', { expiresAt: '2199-01-01' }),
      'expiresAt: expected a time in ISO 8601 with its zone',
    ],
    ['no statement', ATTEST, attest('VALIDATION', { statement: ' ' }), 'statement: found 1 characters'],
    [
      'evidence with a password',
      ATTEST,
      attest('VALIDATION', { evidenceUrl: 'https://a:b@wiki.example/' }),
      'evidenceUrl: ',
    ],
  ])('%s', async (_, query, asking, message) => {
    const before = await state.head()
    const refused = await refusedAs('validator', query, asking)
    expect(refused.code).toBe('BAD_USER_INPUT')
    expect(refused.message).toContain(message)
    expect(await state.head()).toEqual(before)
  })

  it('a waiver of a policy that there is not, or that ended already', async () => {
    expect((await refusedAs('risk-officer', WAIVE, waive({ policy: 'nothing' }))).message).toContain(
      'which there is not',
    )
    expect((await refusedAs('risk-officer', WAIVE, waive({ expiresAt: inDays(-1) }))).message).toContain('is over')
    // The schema itself asks for an end.
    const { expiresAt: _, ...endless } = waive().variables.input
    const answer = await as('risk-officer', WAIVE, { variables: { input: endless } })
    expect(answer.errors?.[0]?.message).toContain('expiresAt')
  })

  it('a mutation over GET, or from a form of another site', async () => {
    const before = await state.head()
    const query = encodeURIComponent(
      `mutation { attest(input: { subject: "${CREDIT}", kind: REVIEW, statement: "x" }) { id } }`,
    )
    const headers = { authorization: `Bearer ${keys.validator?.key}`, 'apollo-require-preflight': '1' }
    const got = await fetch(`${graph.url}/graphql?query=${query}`, { headers })
    expect(got.status).toBe(405)
    const form = { method: 'POST', headers: { 'content-type': 'text/plain', authorization: headers.authorization } }
    const posted = await fetch(`${graph.url}/graphql`, {
      ...form,
      body: JSON.stringify({ query: decodeURIComponent(query) }),
    })
    expect(posted.status).toBeGreaterThanOrEqual(400)
    expect(await state.head()).toEqual(before)
  })
})

describe('independence', () => {
  it('is false for who ran the training, and cannot be told where the commit is not known', async () => {
    const own = await dataAs('ann', ATTEST, attest('VALIDATION', { subject: VERSION }))
    expect(own.attest).toMatchObject({
      ...{ by: 'key:ann', independent: false },
      independenceEvidence: `The same person ran TrainingRun:mlflow:${run.id}.`,
    })
    const others = await dataAs('validator', ATTEST, attest('VALIDATION', { subject: VERSION }))
    expect(others.attest.independent).toBeNull()
    expect(others.attest.independenceEvidence).toContain('who wrote its code, which is not known')
  })
})

describe('an Idempotency-Key', () => {
  it('records once, whichever instance is asked, and is refused with other input', async () => {
    const key = randomUUID()
    const before = await state.count({})
    const answers = await Promise.all(
      [graph, second, graph].map((at) => dataAs('validator', ATTEST, { ...attest('REVIEW'), key, at })),
    )
    expect(new Set(answers.map((answer) => answer.attest.id)).size).toBe(1)
    expect(await state.count({})).toBe(before + 1)
    expect(await dataAs('validator', ATTEST, { ...attest('REVIEW'), key, at: second })).toEqual(answers[0])
    for (const at of [graph, second]) {
      const refused = await refusedAs('validator', ATTEST, { ...attest('REVIEW', { statement: 'other' }), key, at })
      expect(refused).toEqual({
        code: 'IDEMPOTENCY_KEY_REUSED',
        message: 'This idempotency key was used for something else before: send a new key with what is asked now.',
      })
    }
    expect(await state.count({})).toBe(before + 1)
    // Another caller's key is another key.
    const another = await dataAs('ann', ATTEST, { ...attest('REVIEW'), key })
    expect(another.attest.id).not.toBe(answers[0].attest.id)
  })

  it('without one, each is recorded', async () => {
    const before = await state.count({})
    // The same operation again and again: what is compiled of queries must not execute it twice.
    for (let i = 0; i < 4; i += 1) await dataAs('validator', ATTEST, attest('REVIEW'))
    expect(await state.count({})).toBe(before + 4)
  })
})

describe('fields of one mutation', () => {
  it('are done one after another, in their order', async () => {
    const names = Array.from({ length: 8 }, (_, i) => `m${i}`)
    const fields = names.map(
      (name) => `${name}: attest(input: { subject: "${CREDIT}", kind: REVIEW, statement: "${name}" }) { id }`,
    )
    for (let i = 0; i < 3; i += 1) {
      await dataAs('validator', `mutation { ${fields.join(' ')} }`)
      const { entries } = await state.read({ kinds: ['attestation'] }, { first: 8, newestFirst: true })
      expect(entries.map(({ content }) => content.statement).reverse()).toEqual(names)
    }
  })
})

describe('revoking', () => {
  const REVOKE =
    'mutation Revoke($id: ID!) { revokeAttestation(id: $id, reason: "was wrong") { id revokedAt revokedBy revocationReason } }'
  it('is another record, is shown at once everywhere, and is refused twice', async () => {
    const { attest: made } = await dataAs('approver', ATTEST, attest('APPROVAL', { expiresAt: inDays(90) }))
    const variables = { id: made.id }
    expect((await refusedAs('validator', REVOKE, { variables })).code).toBe('FORBIDDEN')
    const outcomes = await Promise.all([graph, second].map((at) => as('approver', REVOKE, { variables, at })))
    const [done, ...more] = outcomes.filter(({ errors }) => !errors)
    expect(more).toEqual([])
    expect(done?.data.revokeAttestation).toMatchObject({
      id: made.id,
      revokedBy: 'key:approver',
      revocationReason: 'was wrong',
    })
    expect(await refusedAs('approver', REVOKE, { variables })).toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(`${made.id} was revoked already`),
    })
    const found = await dataAs('reader', `{ node(id: "${made.id}") { ... on Attestation { statement revokedAt } } }`, {
      at: second,
    })
    expect(found.node).toEqual({ statement: 'it holds', revokedAt: done?.data.revokeAttestation.revokedAt })
    expect((await refusedAs('approver', REVOKE, { variables: { id: 'Attestation:nothing' } })).code).toBe(
      'BAD_USER_INPUT',
    )
  })

  it('takes a waiver off what it lifted', async () => {
    const STATE = `{ model(id: "${CREDIT}") { compliance { findings(rules: ["purpose-stated"]) { outcome waivedBy } } } }`
    const outcome = async (at: Graph) => (await dataAs('reader', STATE, { at })).model.compliance.findings[0]
    expect(await outcome(second)).toMatchObject({ outcome: 'FAIL' })
    const { waive: made } = await dataAs('risk-officer', WAIVE, waive())
    // The other instance has judged before, and must not answer by that.
    expect(await outcome(second)).toEqual({ outcome: 'WAIVED', waivedBy: 'key:risk-officer' })
    await dataAs('risk-officer', 'mutation End($id: ID!) { revokeWaiver(id: $id, reason: "done") { revokedAt } }', {
      variables: { id: made.id },
    })
    expect(await outcome(second)).toMatchObject({ outcome: 'FAIL' })
  })
})

describe('use cases', () => {
  const DECLARE =
    'mutation Declare($input: UseCaseInput!) { declareUseCase(input: $input) { id name status modelIds models { name useCases { id } } declaredBy } }'
  const input = {
    name: 'Lending',
    domain: 'credit',
    owner: 'Ann',
    status: 'ACTIVE',
    models: [CREDIT, 'Model:mlflow:uplift'],
  }
  it('are declared, declared anew, found from both ends, and seen by who may', async () => {
    expect((await refusedAs('approver', DECLARE, { variables: { input } })).code).toBe('FORBIDDEN')
    const { declareUseCase: made } = await dataAs('risk-officer', DECLARE, { variables: { input } })
    expect(made).toMatchObject({
      ...{ name: 'Lending', status: 'ACTIVE', modelIds: input.models, declaredBy: 'key:risk-officer' },
      models: [
        { name: 'credit', useCases: [{ id: made.id }] },
        { name: 'uplift', useCases: [{ id: made.id }] },
      ],
    })
    const anew = { ...input, id: made.id, status: 'RETIRED', models: [CREDIT] }
    await dataAs('risk-officer', DECLARE, { variables: { input: anew } })
    const LIST =
      '{ useCases(domain: "credit") { totalCount nodes { id status modelIds } incomplete { reason count } } }'
    for (const at of [graph, second]) {
      expect((await dataAs('reader', LIST, { at })).useCases).toEqual({
        ...{ totalCount: 1, nodes: [{ id: made.id, status: 'RETIRED', modelIds: [CREDIT] }], incomplete: [] },
      })
    }
    expect((await dataAs('elsewhere', LIST)).useCases).toEqual({
      ...{ totalCount: 0, nodes: [], incomplete: [{ reason: 'FORBIDDEN', count: 1 }] },
    })
    const walked = await dataAs(
      'reader',
      `{ lineage(of: "${made.id}", direction: UPSTREAM, depth: 1) { nodes { id label } } }`,
    )
    expect(walked.lineage.nodes).toContainEqual({ id: CREDIT, label: 'credit' })
    expect(await refusedAs('elsewhere', ATTEST, attest('VALIDATION', { subject: made.id }))).toMatchObject({
      code: 'BAD_USER_INPUT',
    })
    await dataAs('validator', ATTEST, attest('VALIDATION', { subject: made.id }))
  })
})

describe('who may not see a thing', () => {
  it('can record nothing on it, and finds nothing recorded on it, nor how much', async () => {
    expect(await refusedAs('elsewhere', ATTEST, attest())).toMatchObject({
      message: `subject: there is no ${CREDIT} that you may see`,
    })
    expect((await refusedAs('elsewhere', WAIVE, waive())).code).toBe('BAD_USER_INPUT')
    const { attest: made } = await dataAs('validator', ATTEST, attest('REVIEW', { subject: VERSION }))
    const answer = await as('elsewhere', `{ node(id: "${made.id}") { ... on Attestation { statement } } }`)
    expect(answer.data.node).toBeNull()
    await dataAs('elsewhere', ATTEST, attest('REVIEW', { subject: 'Model:mlflow:uplift' }))
    const { attestations } = await dataAs(
      'elsewhere',
      '{ attestations(first: 5) { totalCount nodes { subjectId } incomplete { reason count } } }',
    )
    expect(attestations).toEqual({
      ...{
        totalCount: null,
        nodes: [{ subjectId: 'Model:mlflow:uplift' }],
        incomplete: [{ reason: 'FORBIDDEN', count: null }],
      },
    })
    const id = made.id
    const revoke = await refusedAs(
      'elsewhere',
      'mutation Revoke($id: ID!) { revokeAttestation(id: $id, reason: "x") { id } }',
      { variables: { id } },
    )
    expect(revoke).toEqual({ code: 'BAD_USER_INPUT', message: `id: there is no ${id} that you may see` })
  })
})

describe('lists', () => {
  it('go on where they ended, while others record', async () => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const { attestations } = await dataAs(
        'reader',
        'query List($after: String) { attestations(first: 4, after: $after) { nodes { id } pageInfo { hasNextPage endCursor } } }',
        { variables: { after } },
      )
      seen.push(...attestations.nodes.map(({ id }: Json) => id))
      after = attestations.pageInfo.hasNextPage ? attestations.pageInfo.endCursor : null
      if (seen.length === 4) await dataAs('validator', ATTEST, attest('REVIEW'))
    } while (after)
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBe((await state.count({ kinds: ['attestation'] })) - 1)
  })

  it('find what ends soon, and what was recorded under the former id of a source', async () => {
    await state.append([
      {
        ...{
          kind: 'waiver',
          subject: 'Model:old-mlflow:uplift',
          actor: 'key:x',
          content: { policy: 'p', reason: 'r' },
        },
        expiresAt: new Date(inDays(2)),
      },
    ])
    const { waivers, model } = await dataAs(
      'reader',
      `{ waivers(expiringBefore: "${inDays(3)}") { nodes { subjectId policy } } model(id: "Model:mlflow:uplift") { waivers { policy subjectId } } }`,
    )
    expect(waivers.nodes).toEqual([{ subjectId: 'Model:mlflow:uplift', policy: 'p' }])
    expect(model.waivers).toEqual([{ policy: 'p', subjectId: 'Model:mlflow:uplift' }])
  })
})

describe('the state', () => {
  it('is one chain after all of that, and holds nobody’s name', async () => {
    expect((await verifyChain(await state.open(), { keys: [] })).broken).toBeNull()
    for await (const entry of state.walk({})) expect(JSON.stringify(entry)).not.toContain('Name of')
  })

  it('that cannot be had makes its own fields null with its reason, and nothing else', async () => {
    const mlflow = await startMlflow({ version: '3.17.2', data })
    const broken = createSqliteState(join(folder, 'state.db', 'below-a-file.db'))
    const alone = await startGraph({ sources: [{ id: 'mlflow', kind: 'mlflow', url: mlflow.url }], state: broken })
    const answer = await alone.ask('{ models { nodes { name attestations { id } } } useCases { totalCount } }')
    expect(answer.data).toEqual({
      ...{
        models: {
          nodes: [
            { name: 'credit', attestations: null },
            { name: 'uplift', attestations: null },
          ],
        },
        useCases: null,
      },
    })
    for (const { message, extensions } of answer.errors ?? []) {
      expect(message).toContain('The state in')
      expect(extensions?.code).toBe('STATE_UNAVAILABLE')
    }
    expect(answer.errors?.length).toBeGreaterThan(1)
    const refused = await alone.ask(ATTEST, attest())
    expect(refused).toMatchObject({ data: { attest: null }, errors: [{ extensions: { code: 'STATE_UNAVAILABLE' } }] })
    await alone.close()
    await mlflow.close()
  })
})
