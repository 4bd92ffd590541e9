import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readSupergraph } from '#app/graph.ts'
import { startCompany } from '#demo/company/index.ts'
import { type MlflowData, startMlflow } from '#demo/mlflow/index.ts'
import { makeKey } from '#gateway/keys.ts'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { checked } from '../unit/evidence/bom-schema.ts'
import { type Graph, startGraph } from './graph.ts'
import { manyModels } from './many-models.ts'

const closers: (() => Promise<unknown>)[] = []
const closeAll = async () => {
  for (const close of closers.splice(0).reverse()) await close()
}

interface Pack {
  readonly status: number
  readonly headers: Headers
  /** Files of the pack by name, as text. */
  readonly files: Readonly<Record<string, string>>
  /** Where there is none: why. */
  readonly problem?: { message: string; extensions: { code: string } }
}

/** Asks for a pack, as who sits at this computer unless the headers say otherwise. */
async function packOf({ url }: Pick<Graph, 'url'>, of: string, headers: Record<string, string> = {}): Promise<Pack> {
  const response = await fetch(`${url}/evidence?of=${encodeURIComponent(of)}`, { headers })
  const { status } = response
  if (status !== 200) {
    const body = (await response.json()) as { errors: [NonNullable<Pack['problem']>] }
    return { status, headers: response.headers, files: {}, problem: body.errors[0] }
  }
  const files = Object.entries(unzipSync(new Uint8Array(await response.arrayBuffer())))
  return {
    ...{ status, headers: response.headers },
    files: Object.fromEntries(files.map(([name, bytes]) => [name, strFromU8(bytes)])),
  }
}

/** What a reader of a report sees: all of it, and the first page alone. */
function readReport({ files }: Pack) {
  const seen = (page: string) =>
    page
      .replace(/<style>[\s\S]*?<\/style>/, '')
      .replace(/<[^>]+>/g, ' ')
      .replace(/\s+/g, ' ')
  const page = files['report.html'] ?? ''
  return { all: seen(page), first: seen(page.slice(0, page.indexOf('<h2>'))) }
}

// biome-ignore lint/suspicious/noExplicitAny: what is in it depends on the file, and tests compare parts of it
const parsed = ({ files }: Pack, name: string): any => JSON.parse(files[name] ?? 'null')

/** The demonstration company with one of its tools behind a proxy that can fail, and without the cluster that is down. */
async function startWith(id: string, settings: object = {}): Promise<{ graph: Graph; tool: FaultServer }> {
  const company = await startCompany()
  closers.push(company.close)
  const sources = company.config.sources as { id: string; url: string }[]
  const tool = await startFaultServer({ target: sources.find((source) => source.id === id)?.url ?? '' })
  closers.push(tool.close)
  const { applications, people, tags } = company.config
  const graph = await startGraph({
    sources: sources
      .filter((source) => source.id !== 'edge-cluster')
      .map((source) => (source.id === id ? { ...source, url: tool.url } : source)),
    settings: { applications, people, tags, ...settings },
  })
  closers.push(graph.close)
  return { graph, tool }
}

describe('the pack of a model of the demonstration company', () => {
  let graph: Graph
  let pack: Pack
  const keys = { credit: makeKey('credit'), marketing: makeKey('marketing') }
  beforeAll(async () => {
    const company = await startCompany()
    closers.push(company.close)
    const { sources, applications, people, tags } = company.config
    graph = await startGraph({
      sources,
      settings: {
        ...{ applications, people, tags },
        access: [
          { roles: ['credit'], see: { domains: ['Credit'] } },
          { roles: ['credit'], see: { sources: ['mlserver'] } },
          { roles: ['marketing'], see: { domains: ['Marketing'] } },
        ],
        gateway: { keys: Object.entries(keys).map(([id, { hash }]) => ({ id, hash, roles: [id] })) },
      },
    })
    closers.push(graph.close)
    pack = await packOf(graph, 'Model:mlflow:credit-limit')
  })
  afterAll(closeAll)

  it('is a zip with a name, kept by nobody', () => {
    expect(pack.status).toBe(200)
    expect(pack.headers.get('content-type')).toBe('application/zip')
    expect(pack.headers.get('content-disposition')).toMatch(
      /^attachment; filename="evidence-credit-limit-\d{4}-\d\d-\d\d\.zip"/,
    )
    expect(pack.headers.get('cache-control')).toBe('private, no-store')
    expect(Number(pack.headers.get('x-incomplete'))).toBeGreaterThan(0)
  })

  it('says on its first page that it is incomplete, of which source and why', () => {
    const { first } = readReport(pack)
    expect(first).toContain('INCOMPLETE')
    expect(first).toMatch(/Edge cluster edge-cluster DOWN .*refuses connections/)
    expect(first).toContain('Asked by local, with the roles: admin')
    expect(first).toContain('nothing was withheld')
    expect(first).toMatch(/Health UNHEALTHY/)
    const graphHash = createHash('sha256').update(readSupergraph()).digest('hex')
    expect(first).toContain(`SHA-256 ${graphHash}`)
    expect(parsed(pack, 'manifest.json').graph.sha256).toBe(graphHash)
  })

  it('tells in its report who owns it, what it was trained on, who reviewed the code, what serves it and what is wrong', () => {
    const { all } = readReport(pack)
    for (const fact of [
      'Credit risk (team; tag team = credit-risk)',
      'Champion 4',
      'lending.applications',
      'MATCHED, confidence 0.9: read from s3://bank-lakehouse/lending/applications',
      'freshness expected &lt; 24 h, found 61 h',
      'Prepare credit-limit 4',
      'model-review',
      'Triton, production',
      'RequestsFail',
      'The champion of credit-limit is version 4, but production serves 3',
      'Deploy the champion, or move the alias',
      'Card limits',
    ]) {
      expect(all).toContain(fact)
    }
  })

  it('holds every fact with the question that was asked and where it comes from', () => {
    const { asked, completeness, model } = parsed(pack, 'facts.json')
    expect(model).toBe('Model:mlflow:credit-limit')
    const of = (question: string) => asked.filter((one: { question: string }) => one.question === question)
    expect(of('version').map(({ variables }: { variables: object }) => variables)).toEqual([
      { id: 'ModelVersion:mlflow:credit-limit:4' },
      { id: 'ModelVersion:mlflow:credit-limit:3' },
    ])
    const [{ data }] = of('version')
    expect(data.modelVersion.run.provenance).toMatchObject({ source: { id: 'mlflow' }, fetchedAt: expect.any(String) })
    expect(asked.every(({ errors }: { errors: object[] }) => errors.length === 0)).toBe(true)
    expect(completeness.missing).toMatchObject([{ source: 'edge-cluster', reason: 'DOWN' }])
  })

  it('holds what the rules say with the hash of each, and the lineage in four forms', () => {
    const findings = parsed(pack, 'findings.json')
    expect(findings.groups.map(({ title }: { title: string }) => title)).toEqual([
      'Health of the model',
      'Health of Triton, production',
      'Compliance of the model and its versions in production',
      'Compliance of Triton, production',
    ])
    expect(findings.rules).toContainEqual({
      ...{ id: 'champion-is-served', severity: 'WARNING', hash: expect.stringMatching(/^[0-9a-f]{16}/) },
      ...{ title: expect.any(String), outcomes: { FAIL: 1 } },
    })
    const ids = parsed(pack, 'lineage.json').nodes.map(({ id }: { id: string }) => id)
    expect(ids).toEqual(
      expect.arrayContaining([
        'Model:mlflow:credit-limit',
        'ModelVersion:mlflow:credit-limit:3',
        'Dataset:s3%3A%2F%2Fbank-lakehouse:lending%2Fapplications',
        'Endpoint:triton:server',
      ]),
    )
    expect(pack.files['lineage.svg']).toContain('credit-limit 3')
    expect(pack.files['lineage.dot']).toContain('digraph lineage')
    expect(pack.files['lineage.mmd']).toContain('flowchart LR')
  })

  it('holds a bill of materials that is valid, and says that it is not complete', () => {
    const bom = checked(parsed(pack, 'bom.cdx.json'))
    expect(bom.metadata.component).toMatchObject({
      ...{ name: 'credit-limit', version: '4', type: 'machine-learning-model' },
      modelCard: { considerations: { useCases: ['Set the limit of a new card'], users: ['Card limits'] } },
    })
    expect(bom.metadata.component.pedigree.commits).toHaveLength(1)
    expect(bom.compositions).toMatchObject([{ aggregate: 'incomplete' }])
  })

  it('is whole by its manifest', () => {
    const { files, ...manifest } = parsed(pack, 'manifest.json')
    expect(manifest).toMatchObject({ incomplete: true, askedBy: { subject: 'local' }, tool: { name: 'modelops' } })
    expect(files.map(({ path }: { path: string }) => path).sort()).toEqual(
      Object.keys(pack.files)
        .filter((name) => name !== 'manifest.json')
        .sort(),
    )
    for (const { path, sha256 } of files) {
      expect([
        path,
        createHash('sha256')
          .update(pack.files[path] ?? '')
          .digest('hex'),
      ]).toEqual([path, sha256])
    }
  })

  it('is found by its name too', async () => {
    expect(parsed(await packOf(graph, 'credit-limit'), 'manifest.json').model).toBe('Model:mlflow:credit-limit')
  })

  it('holds what the caller may see, and counts the rest', async () => {
    const asCredit = { authorization: `Bearer ${keys.credit.key}` }
    const own = await packOf(graph, 'Model:mlflow:credit-limit', asCredit)
    const { first, all } = readReport(own)
    expect(first).toContain('INCOMPLETE')
    expect(first).toContain('Asked by key:credit, with the roles: credit')
    expect(first).toMatch(/Withheld \(FORBIDDEN\): .*1 of triton/)
    expect(all).not.toContain('production serves 3')
    expect(own.files['facts.json']).not.toContain('ServedModel:triton')
    checked(parsed(own, 'bom.cdx.json'))
  })

  it.each([
    ['that nobody has', 'Model:mlflow:nothing'],
    ['that the caller may not see', 'Model:mlflow:credit-limit'],
    ['of a name that nobody has', 'nothing'],
    ['of a name that the caller may not see', 'credit-limit'],
  ])('of a model %s is not found, in the same words', async (_which, of) => {
    const { status, problem } = await packOf(graph, of, { authorization: `Bearer ${keys.marketing.key}` })
    expect([status, problem?.extensions.code]).toEqual([404, 'NOT_FOUND'])
    expect(problem?.message.replace(of, '…')).toBe(
      'There is no model "…" that you may see. A pack is made of a model by its id (Model:<source>:<name>) or its name.',
    )
  })

  it('is not made for who cannot be told', async () => {
    const passedOn = await packOf(graph, 'credit-limit', { 'x-forwarded-for': '192.0.2.1' })
    expect([passedOn.status, passedOn.problem?.extensions.code]).toEqual([401, 'UNAUTHENTICATED'])
    const wrong = await packOf(graph, 'credit-limit', { authorization: 'Bearer wrong' })
    expect(wrong.status).toBe(401)
  })

  it.each([
    ['', 'Say of which model'],
    ['ModelVersion:mlflow:credit-limit:4', 'The model of this version is Model:mlflow:credit-limit.'],
    ['Endpoint:triton:server', 'is the id of a Endpoint: a pack is made of a model.'],
  ])('of "%s" is refused with what to do', async (of, message) => {
    const { status, problem } = await packOf(graph, of)
    expect([status, problem?.extensions.code]).toEqual([400, 'BAD_REQUEST'])
    expect(problem?.message).toContain(message)
  })
})

describe('what people said', () => {
  const keys = Object.fromEntries(['approver', 'auditor', 'reader'].map((role) => [role, makeKey(role)]))
  const as = (role: string) => ({ authorization: `Bearer ${keys[role]?.key}` })
  let graph: Graph
  beforeAll(async () => {
    const started = await startWith('git', {
      gateway: {
        publicUrl: 'https://modelops.example/graph/',
        keys: Object.entries(keys).map(([id, key]) => ({ id, hash: key.hash, roles: [id] })),
      },
    })
    graph = started.graph
    const ATTEST = `mutation ($input: AttestInput!) { attest(input: $input) { id } }`
    const said = { statement: 'Looked at <b>all</b> of it', evidenceUrl: 'https://example.org/review' }
    for (const subject of ['Model:mlflow:credit-limit', 'ModelVersion:mlflow:credit-limit:4', 'Model:mlflow:churn']) {
      const variables = { input: { subject, kind: 'APPROVAL', ...said } }
      expect((await graph.ask(ATTEST, { variables, headers: as('approver') })).errors).toBeUndefined()
    }
    const WAIVE = `mutation ($input: WaiveInput!) { waive(input: $input) { id } }`
    const waiver = {
      subject: 'Model:mlflow:credit-limit',
      reason: 'Until the move',
      expiresAt: '2099-01-01T00:00:00.000Z',
    }
    const { policies } = await graph.data<{ policies: { id: string; severity: string; appliesTo: string }[] }>(
      '{ policies { id severity appliesTo } }',
    )
    const policy = policies.find((one) => one.severity !== 'CRITICAL' && one.appliesTo === 'Model')?.id
    const waived = await graph.ask(WAIVE, { variables: { input: { ...waiver, policy } }, headers: as('approver') })
    expect(waived.errors).toBeUndefined()
  })
  afterAll(closeAll)

  it('is in the pack: attestations and waivers on the model and its versions, and what the audit chain holds of them', async () => {
    const pack = await packOf(graph, 'credit-limit', as('auditor'))
    const { all, first } = readReport(pack)
    expect(first).toMatch(/Compliance (NON_COMPLIANT|UNKNOWN)/)
    expect(all).toContain('Looked at &lt;b&gt;all&lt;/b&gt; of it')
    expect(all).toMatch(/Until the move .*until 2099-01-01 00:00:00 UTC/)
    const { attestations, waivers } = parsed(pack, 'attestations.json')
    const nodes = (lists: { nodes: object[] }[]) => lists.flatMap((list) => list.nodes)
    expect(nodes(attestations)).toMatchObject([
      { subjectId: 'Model:mlflow:credit-limit', kind: 'APPROVAL', by: 'key:approver' },
      { subjectId: 'ModelVersion:mlflow:credit-limit:4', kind: 'APPROVAL', by: 'key:approver' },
    ])
    expect(nodes(waivers)).toMatchObject([{ reason: 'Until the move', revokedAt: null }])
    const records = (pack.files['audit.ndjson'] ?? '')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records.map(({ action, subject }) => [action, subject])).toEqual([
      ['waiver', 'Model:mlflow:credit-limit'],
      ['attestation', 'Model:mlflow:credit-limit'],
      ['attestation', 'ModelVersion:mlflow:credit-limit:4'],
    ])
    expect(all).toContain(records[0].hash)
  })

  it('is told to be withheld from who may not read the audit chain, and is not none', async () => {
    const pack = await packOf(graph, 'credit-limit', as('reader'))
    const { first, all } = readReport(pack)
    expect(first).toMatch(/INCOMPLETE.*Withheld \(FORBIDDEN\): .*you need the role/)
    expect(all).not.toContain('The chain holds nothing about it.')
    expect(JSON.parse((pack.files['audit.ndjson'] ?? '').split('\n')[0] ?? '')).toMatchObject({
      incomplete: [{ reason: 'FORBIDDEN' }],
    })
  })

  it('names for each clause what the policies say here, and what no query can judge', async () => {
    const { all } = readReport(await packOf(graph, 'credit-limit'))
    expect(all).toMatch(/Clause Policies that judge it What no query can judge/)
    expect(all).toContain('none: no query can judge it')
    expect(all).toMatch(/purpose-stated: PASS/)
  })

  it('is had where the graph says that packs are', async () => {
    const { model } = await graph.data<{ model: { evidencePackUrl: string } }>(
      '{ model(id: "Model:mlflow:credit-limit") { evidencePackUrl } }',
    )
    expect(model.evidencePackUrl).toBe('https://modelops.example/graph/evidence?of=Model%3Amlflow%3Acredit-limit')
    const { pathname, search } = new URL(model.evidencePackUrl)
    const response = await fetch(`${graph.url}${pathname.replace('/graph', '')}${search}`, { headers: as('auditor') })
    expect(response.headers.get('content-type')).toBe('application/zip')
  })
})

describe('a tool that is silent', () => {
  afterEach(closeAll)

  it('is none where all tools answer, and then the pack says that it is whole', async () => {
    const { graph } = await startWith('git')
    const pack = await packOf(graph, 'credit-limit')
    expect(readReport(pack).first).toContain('Whole: nothing that was asked for is missing.')
    expect(pack.headers.get('x-incomplete')).toBe('0')
    expect(parsed(pack, 'manifest.json').incomplete).toBe(false)
  })

  it('takes only its own part along, told on the first page and beside the fact', async () => {
    const { graph, tool } = await startWith('git', { http: { requestTimeout: 500 } })
    await tool.fault({ kind: 'refuse' })
    const pack = await packOf(graph, 'credit-limit')
    const { first, all } = readReport(pack)
    expect(first).toMatch(/INCOMPLETE.* Sources: git\./)
    expect(first).toMatch(/Gitea git DOWN/)
    const code = all.slice(all.lastIndexOf('Code, review and CI'), all.lastIndexOf('Serving'))
    expect(code).toMatch(/git: DOWN/)
    expect(code).not.toContain('It came in by no pull request.')
    expect(all).toContain('lending.applications')
  })

  it('that hangs leaves the rest of the time to the others', async () => {
    const { graph, tool } = await startWith('triton', { gateway: { requestDeadlineMilliseconds: 4_000 } })
    await tool.fault({ kind: 'hang' })
    const start = performance.now()
    const pack = await packOf(graph, 'credit-limit')
    expect(performance.now() - start).toBeLessThan(4_000)
    const { first, all } = readReport(pack)
    expect(first).toMatch(/Triton, production triton TIMEOUT/)
    expect(all).toContain('Not known: what could not be asked may hold some.')
    expect(all).toContain('lending.applications')
  })

  it('makes no pack where nobody could tell whether there is such a model', async () => {
    const { graph, tool } = await startWith('mlflow')
    await tool.fault({ kind: 'refuse' })
    for (const of of ['Model:mlflow:credit-limit', 'credit-limit']) {
      const { status, problem } = await packOf(graph, of)
      expect([status, problem?.extensions.code]).toEqual([503, 'EVIDENCE_UNAVAILABLE'])
      expect(problem?.message).toContain('"mlflow" refuses connections')
    }
  })
})

describe('any model', () => {
  afterEach(closeAll)

  const registry = async (data: MlflowData) => {
    const mlflow = await startMlflow({ version: '3.17.2', data })
    closers.push(mlflow.close)
    return mlflow.url
  }

  it('is told apart by id from others of its name', async () => {
    const sources = await Promise.all(
      ['east', 'west'].map(async (id) => ({ id, kind: 'mlflow', url: await registry(manyModels(2)) })),
    )
    const graph = await startGraph({ sources })
    closers.push(graph.close)
    const { status, problem } = await packOf(graph, 'model-00001')
    expect([status, problem?.extensions.code]).toEqual([409, 'AMBIGUOUS_MODEL'])
    expect(problem?.message).toContain('Model:east:model-00001, Model:west:model-00001')
    expect((await packOf(graph, 'Model:west:model-00001')).status).toBe(200)
  })

  it('may be called anything, and have many versions and a gateway with narrow limits', async () => {
    const name = `a "b" <img src=x>'&\\ ü 名`
    const createdAt = Date.UTC(2026, 0, 5)
    const version = (i: number) => ({ createdAt: createdAt + i, source: `runs:/${i}/model` })
    const data = { models: [{ name, createdAt, versions: Array.from({ length: 25 }, (_, i) => version(i)) }] }
    const graph = await startGraph({
      sources: [{ id: 'mlflow', kind: 'mlflow', url: await registry(data) }],
      settings: { gateway: { limits: { depth: 2, pageSize: 10, aliases: 0, rootFields: 1 } } },
    })
    closers.push(graph.close)
    const pack = await packOf(graph, name)
    expect(pack.problem).toBeUndefined()
    expect(pack.headers.get('content-disposition')).toMatch(
      /^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%-]+$/,
    )
    expect(pack.files['report.html']).not.toContain('<img')
    expect(
      parsed(pack, 'facts.json').asked.filter((one: { question: string }) => one.question === 'versions'),
    ).toHaveLength(3)
    expect(readReport(pack).all).toContain('Versions in all 25')
    checked(parsed(pack, 'bom.cdx.json'))
    // The same limits hold for everybody else.
    expect((await graph.ask('{ models { nodes { name } } }')).status).toBe(400)
  })
})

describe('modelops evidence', () => {
  let folder: string
  let graph: Graph
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelops-'))
    graph = (await startWith('mlflow', { gateway: { keys: [{ id: 'audit', hash: key.hash, roles: ['risk'] }] } })).graph
  })
  afterAll(async () => {
    await closeAll()
    await rm(folder, { recursive: true })
  })
  const key = makeKey('audit')

  async function run(args: string[], env: Record<string, string> = {}) {
    const cli = join(import.meta.dirname, '../../app/modelops.js')
    const child = spawn(process.execPath, [cli, 'evidence', ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH, ...env },
    })
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    return { out, err, code }
  }

  it('writes the pack, with the caller’s key, and says where it is', async () => {
    const file = join(folder, 'pack.zip')
    const { out, err, code } = await run(['credit-limit', '--url', graph.url, '--out', file], { MODELOPS_KEY: key.key })
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(file)
    const files = unzipSync(new Uint8Array(await readFile(file)))
    const manifest = JSON.parse(strFromU8(files['manifest.json'] ?? new Uint8Array()))
    expect(manifest).toMatchObject({ model: 'Model:mlflow:credit-limit', askedBy: { subject: 'key:audit' } })
    expect(await readdir(folder)).toEqual(['pack.zip'])
  })

  it('names the file itself where nobody does', async () => {
    const { out, code } = await run(['Model:mlflow:churn', '--url', `${graph.url}/`, '--fresh'])
    expect(code).toBe(0)
    expect(out).toMatch(/evidence-churn-\d{4}-\d\d-\d\d\.zip/)
    await rm(out.split('\n')[0] ?? '')
  })

  it.each<[string, string[], Record<string, string>, RegExp]>([
    ['of a model that is not there', ['nothing'], {}, /^There is no model "nothing" that you may see\./],
    ['with a wrong key', ['churn'], { MODELOPS_KEY: 'wrong' }, /MODELOPS_KEY/],
    [
      'where no gateway is',
      ['churn', '--url', 'http://127.0.0.1:9'],
      {},
      /^No gateway answers at http:\/\/127\.0\.0\.1:9\./,
    ],
    ['of an address that is none', ['churn', '--url', 'nonsense'], {}, /^--url: expected an address/],
    ['to a folder that is not there', ['churn', '--out', 'no/pack.zip'], {}, /cannot be written \(ENOENT\)/],
  ])('%s fails with what to do, and writes nothing', async (_case, args, env, message) => {
    const { err, code } = await run(args.includes('--url') ? args : [...args, '--url', graph.url], env)
    expect(code).toBe(1)
    expect(err).toMatch(message)
    expect(err).not.toMatch(/^\s+at /m)
    expect(await readdir(folder)).toEqual(['pack.zip'])
  })
})
