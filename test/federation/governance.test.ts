import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { createMemoryState } from '#lib/state/create.ts'
import type { State } from '#lib/state/port.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { startCompanyGraph } from './company-graph.ts'
import { type Graph, startGraph } from './graph.ts'
import { manyModels } from './many-models.ts'

const CLI = join(import.meta.dirname, '../../app/modelops.js')
const DAY = 86_400_000

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Finding {
  rule: { id: string; hash: string }
  subject: string
  outcome: string
  message: string
  waivedUntil: string | null
  waivedBy: string | null
  waivedReason: string | null
  incomplete: { source: string | null }[]
}

interface Compliance {
  status: string
  summary: string
  passed: number
  failed: number
  unknown: number
  waived: number
  findings: Finding[]
  incomplete: { reason: string }[]
}

const COMPLIANCE = `compliance { status summary passed failed unknown waived incomplete { reason }
  findings { rule { id hash } subject outcome message waivedUntil waivedBy waivedReason incomplete { source } } }`

/** A registry with some models, one served, each behind a proxy that can fail and counts what is asked. */
async function startTwo(count = 3, settings: object = {}, state: State = createMemoryState()) {
  const mlflow = await startMlflow({ version: '3.17.2', data: manyModels(count) })
  const triton = await startOpenInference({ dialect: 'triton', models: [{ name: 'model-00000', version: '1' }] })
  const registry = await startFaultServer({ target: mlflow.url })
  const server = await startFaultServer({ target: triton.url })
  const graph = await startGraph({
    sources: [
      { id: 'registry', kind: 'mlflow', url: registry.url },
      {
        id: 'server',
        kind: 'open-inference',
        url: server.url,
        convention: 'name-and-version',
        environment: 'production',
      },
    ],
    ...{ settings, state },
  })
  closers.push(mlflow.close, triton.close, registry.close, server.close, graph.close)
  return { graph, registry, server, state }
}

const modelOf = async (graph: Graph, id = 'Model:registry:model-00000') =>
  (
    await graph.data<{ model: { compliance: Compliance } }>(`query ($id: ID!) { model(id: $id) { ${COMPLIANCE} } }`, {
      id,
    })
  ).model.compliance

const outcomesOf = ({ findings }: Pick<Compliance, 'findings'>) =>
  Object.fromEntries(findings.map(({ rule, outcome }) => [rule.id, outcome]))

const attest = (graph: Graph, input: object) =>
  graph.data<{ attest: { id: string } }>('mutation ($input: AttestInput!) { attest(input: $input) { id } }', { input })

const waive = (graph: Graph, subject: string, policy: string, days: number) =>
  graph.data<{ waive: { id: string } }>('mutation ($input: WaiveInput!) { waive(input: $input) { id } }', {
    input: { subject, policy, reason: 'Until spring.', expiresAt: new Date(Date.now() + days * DAY).toISOString() },
  })

const VERSION = 'ModelVersion:registry:model-00000:1'

describe('compliance', () => {
  it('of a model is that of its versions in production too, worst first, each with the wording that judged', async () => {
    const { graph } = await startTwo()
    const compliance = await modelOf(graph)
    expect(compliance.status).toBe('NON_COMPLIANT')
    expect(compliance.summary).toMatch(/; \d+ of \d+ policies that apply judged\.$/)
    expect(outcomesOf(compliance)).toMatchObject({
      ...{ 'run-finished': 'PASS', 'version-ready': 'PASS', 'training-data-recorded': 'PASS' },
      ...{ 'production-serves-champion': 'PASS', 'production-healthy': 'PASS' },
      ...{
        'purpose-stated': 'FAIL',
        'commit-recorded': 'FAIL',
        'independent-validation': 'FAIL',
        'drift-monitored': 'FAIL',
      },
      // No such source is configured, or nobody said: never taken for granted.
      ...{ 'training-data-known': 'UNKNOWN', 'commit-reviewed': 'UNKNOWN', 'evaluated-well-enough': 'UNKNOWN' },
    })
    expect(new Set(compliance.findings.map(({ subject }) => subject))).toEqual(
      new Set(['Model:registry:model-00000', VERSION]),
    )
    for (const { rule } of compliance.findings) expect(rule.hash).toMatch(/^[0-9a-f]{16}$/)
    const { passed, failed, unknown, waived, findings } = compliance
    const told = findings.filter(({ outcome }) => outcome !== 'NOT_APPLICABLE').length
    expect(passed + failed + unknown + waived).toBe(told)
  })

  it('is not known of anything that a silent source would have to tell', async () => {
    const { graph, server } = await startTwo()
    await server.fault({ kind: 'reset' })
    const compliance = await modelOf(graph)
    expect(outcomesOf(compliance)).toMatchObject({
      ...{ 'production-serves-champion': 'UNKNOWN', 'production-healthy': 'UNKNOWN', 'version-ready': 'PASS' },
    })
    expect(compliance.incomplete.map(({ reason }) => reason)).toContain('DOWN')
    const [finding] = compliance.findings.filter(({ rule }) => rule.id === 'production-serves-champion')
    expect(finding?.incomplete.map(({ source }) => source)).toContain('server')
  })

  it('of many models costs no more calls than of a few', async () => {
    const count = async (models: number) => {
      const { graph, registry } = await startTwo(models)
      await graph.data('{ models(first: 100) { nodes { name } } }')
      const before = registry.calls.length
      const { models: page } = await graph.data<{ models: { nodes: { compliance: Compliance }[] } }>(
        '{ models(first: 100) { nodes { compliance { status } } } }',
      )
      expect(page.nodes.every(({ compliance }) => compliance.status === 'NON_COMPLIANT')).toBe(true)
      // What the artifact says is asked for version by version: MLflow has no other way.
      return registry.calls.slice(before).filter(({ path }) => !path.includes('get-artifact')).length
    }
    expect(await count(60)).toBeLessThanOrEqual((await count(10)) + 3)
  })

  it('is lifted by a waiver while that lasts, and not after it was revoked', async () => {
    const { graph } = await startTwo()
    const { waive: waiver } = await waive(graph, 'Model:registry:model-00000', 'commit-recorded', 14)
    const [waived] = (await modelOf(graph)).findings.filter(({ rule }) => rule.id === 'commit-recorded')
    expect(waived).toMatchObject({ outcome: 'WAIVED', waivedReason: 'Until spring.', waivedBy: expect.any(String) })
    await graph.data('mutation ($id: ID!) { revokeWaiver(id: $id, reason: "Enough.") { id } }', { id: waiver.id })
    expect(outcomesOf(await modelOf(graph))).toMatchObject({ 'commit-recorded': 'FAIL' })
  })

  it('sees what people record at once, though what was judged before is still fresh', async () => {
    const { graph } = await startTwo()
    expect(outcomesOf(await modelOf(graph))).toMatchObject({ 'risk-tier-decided': 'FAIL' })
    await attest(graph, { subject: 'Model:registry:model-00000', kind: 'RISK_TIER', statement: 'HIGH: it lends.' })
    expect(outcomesOf(await modelOf(graph))).toMatchObject({ 'risk-tier-decided': 'PASS', 'reviewed-in-time': 'FAIL' })
    await attest(graph, { subject: VERSION, kind: 'REVIEW', statement: 'Looked at.' })
    expect(outcomesOf(await modelOf(graph))).toMatchObject({ 'reviewed-in-time': 'PASS' })
    const { model } = await graph.data<{ model: object }>(
      '{ model(id: "Model:registry:model-00000") { risk { tier decided overtaken } review { state everyDays } } }',
    )
    expect(model).toEqual({
      ...{ risk: { tier: 'HIGH', decided: true, overtaken: false }, review: { state: 'CURRENT', everyDays: 180 } },
    })
  })

  it('is listed over everything, and packs show which policies judge which clause', async () => {
    const { graph } = await startTwo()
    const { policyFindings, packs } = await graph.data<{
      policyFindings: { totalCount: number; nodes: Finding[] }
      packs: { id: string; clauses: { id: string; policies: { id: string }[]; notJudged: string | null }[] }[]
    }>(`{ policyFindings(outcome: [FAIL], rule: ["purpose-stated", "endpoint-serves-registered"]) { totalCount nodes { rule { id } subject outcome } }
      packs { id clauses { id policies { id } notJudged } } }`)
    expect(policyFindings.totalCount).toBe(3)
    const [pack] = packs.filter(({ id }) => id === 'SR-26-2')
    expect(pack?.clauses.find(({ id }) => id === 'governance')).toMatchObject({
      policies: [],
      notJudged: expect.any(String),
    })
    expect(pack?.clauses.find(({ id }) => id === 'monitoring')?.policies.map(({ id }) => id)).toContain(
      'drift-monitored',
    )
  })

  it('of what is gone is null', async () => {
    const { graph } = await startTwo()
    expect(await graph.data('{ gate(subject: "ModelVersion:registry:model-00000:99") { decision } }')).toEqual({
      gate: null,
    })
  })
})

interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** `modelops gate` against an address. */
function runGate(url: string, args: readonly string[]): Promise<Ran> {
  return new Promise((done) => {
    execFile(
      process.execPath,
      [CLI, 'gate', ...args, '--url', url],
      { env: { PATH: process.env.PATH } },
      (error, out, err) => done({ code: error ? Number(error.code) : 0, out, err }),
    )
  })
}

const gates = async (state: State) => (await state.read({ kinds: ['gate'] }, { first: 100 })).entries

describe('the gate', () => {
  it('lets pass what holds, refuses what fails with how to fix it, and records both', async () => {
    const { graph, state } = await startTwo()
    const passed = await runGate(graph.url, ['model-00000@champion', '--policies', 'version-ready', 'run-finished'])
    expect(passed).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^ALLOWED {2}ModelVersion:registry:model-00000:1\n/),
    })
    const refused = await runGate(graph.url, ['model-00000@1'])
    expect(refused).toMatchObject({ code: 1, out: expect.stringMatching(/^REFUSED .*FAIL +purpose-stated .*fix: /s) })
    // What judges production alone does not keep the next version out.
    expect(refused.out).not.toContain('drift-monitored')
    const entries = await gates(state)
    expect(entries.map(({ content, subject }) => [content.decision, subject])).toEqual([
      ['ALLOWED', VERSION],
      ['REFUSED', VERSION],
    ])
    expect(entries[0]?.content.findings).toMatchObject([
      { rule: 'run-finished', hash: expect.stringMatching(/^[0-9a-f]{16}$/), outcome: 'PASS' },
      { rule: 'version-ready', outcome: 'PASS' },
    ])
  })

  it('says 2 while sources are silent, without a gateway, and of what there is not', async () => {
    const { graph, registry } = await startTwo()
    const unknown = await runGate(graph.url, ['model-00000@1', '--policies', 'version-ready', 'training-data-known'])
    expect(unknown).toMatchObject({ code: 2, out: expect.stringMatching(/^UNDECIDED.*missing: /s) })
    expect(await runGate(graph.url, ['weather@1'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('There is no weather@1'),
    })
    expect(await runGate(graph.url, ['model-00000'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('<model>@<alias or version>'),
    })
    expect(await runGate(graph.url, ['model-00000@1', '--policies', 'weather'])).toMatchObject({ code: 2 })
    expect(await runGate(graph.url, ['model-00000@1', '--nonsense'])).toMatchObject({ code: 2 })
    expect(await runGate('http://127.0.0.1:1', ['model-00000@1'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('could not be asked'),
    })
    await registry.fault({ kind: 'reset' })
    const silent = await startGraph({ sources: [{ id: 'registry', kind: 'mlflow', url: registry.url }] })
    closers.push(silent.close)
    expect(await runGate(silent.url, ['model-00000@1'])).toMatchObject({
      ...{ code: 2, out: '', err: expect.stringMatching(/^UNDECIDED.*Nothing was decided/s) },
    })
  })

  it('records one decision for one key, and refuses that key for another question', async () => {
    const { graph, state } = await startTwo()
    const ask = (body: object, key = 'job-7') =>
      fetch(`${graph.url}/gate`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      })
    const once = { subject: 'model-00000@1', policies: ['version-ready'] }
    const [first, second] = [await ask(once), await ask(once)]
    expect(await second.json()).toEqual(await first.json())
    expect(await gates(state)).toHaveLength(1)
    expect((await ask({ ...once, policies: ['run-finished'] })).status).toBe(400)
    expect((await ask(once, 'x'.repeat(256))).status).toBe(400)
    expect(
      (
        await fetch(`${graph.url}/gate`, {
          method: 'POST',
          headers: { 'content-type': 'text/plain' },
          body: JSON.stringify(once),
        })
      ).status,
    ).toBeGreaterThanOrEqual(400)
    expect(await gates(state)).toHaveLength(1)
  })

  it('judges without recording in a query', async () => {
    const { graph, state } = await startTwo()
    const { gate } = await graph.data<{ gate: object }>(
      `{ gate(subject: "${VERSION}", policies: ["version-ready"]) { decision allowed recordId findings { outcome } } }`,
    )
    expect(gate).toEqual({ decision: 'ALLOWED', allowed: true, recordId: null, findings: [{ outcome: 'PASS' }] })
    expect(await gates(state)).toEqual([])
  })

  it('tells ids to choose from where two registries have the name', async () => {
    const one = await startMlflow({ version: '3.17.2', data: manyModels(1) })
    const other = await startMlflow({ version: '3.17.2', data: manyModels(1) })
    const sources = [one, other].map(({ url }, i) => ({ id: `r${i}`, kind: 'mlflow', url }))
    const graph = await startGraph({ sources })
    closers.push(one.close, other.close, graph.close)
    const { code, err } = await runGate(graph.url, ['model-00000@champion'])
    expect(code).toBe(2)
    expect(err).toContain('ModelVersion:r0:model-00000:1, ModelVersion:r1:model-00000:1')
    const chosen = await runGate(graph.url, ['ModelVersion:r1:model-00000:1', '--policies', 'version-ready'])
    expect(chosen).toMatchObject({ code: 0 })
  })

  it('does what the shell line of the documentation says', async () => {
    const { graph } = await startTwo()
    const text = readFileSync(join(import.meta.dirname, '../../docs/gate.md'), 'utf8')
    const [, line = ''] = /## Any shell\n\n```sh\n(.*?)\n```/s.exec(text) ?? []
    expect(line).toContain('modelops gate')
    // The command of this working copy in the place of the installed one.
    const script = line.replace('npx modelops', `"${process.execPath}" "${CLI}"`)
    const env = { PATH: process.env.PATH, MODEL: 'model-00000@champion', MODELOPS_URL: graph.url }
    const run = (more: object) =>
      new Promise<number>((done) => {
        execFile('sh', ['-c', script], { env: { ...env, ...more } }, (error) => done(error ? Number(error.code) : 0))
      })
    expect(await run({})).toBe(0)
    expect(await run({ MODEL: 'nothing@1' })).toBe(2)
  })
})

describe('the demonstration company', () => {
  it('has each outcome of the main policies', async () => {
    const graph = await startCompanyGraph(({ applications }) => ({ applications }))
    closers.push(graph.close)
    const { models, endpoints } = await graph.data<{
      models: { nodes: { name: string; compliance: Compliance; risk: { frameworks: { tier: string | null }[] } }[] }
      endpoints: { nodes: { compliance: Compliance }[] }
    }>(`{ models { nodes { name risk { frameworks { tier } } ${COMPLIANCE} } } endpoints { nodes { ${COMPLIANCE} } } }`)
    const findings = [...models.nodes, ...endpoints.nodes].flatMap(({ compliance }) => compliance.findings)
    const outcomes = (id: string) =>
      new Set(findings.filter(({ rule }) => rule.id === id).map(({ outcome }) => outcome))
    for (const id of [
      ...['commit-reviewed', 'built-by-ci', 'checks-passed', 'commit-recorded', 'image-scanned'],
      ...['training-data-known', 'upstream-quality-passed', 'drift-monitored'],
    ]) {
      expect([...outcomes(id)].sort(), id).toEqual(expect.arrayContaining(['FAIL', 'PASS', 'UNKNOWN']))
    }
    // One of its servers is down, so that nobody can tell that only the right version is served of any model that it may serve.
    expect(outcomes('production-serves-champion')).toEqual(new Set(['FAIL', 'UNKNOWN', 'NOT_APPLICABLE']))
    const tiers = models.nodes.flatMap(({ risk }) => risk.frameworks.map(({ tier }) => tier))
    expect(tiers).toEqual(expect.arrayContaining(['HIGH_RISK', 'MINIMAL_RISK', 'MATERIAL', 'MEDIUM', null]))
  })
})
