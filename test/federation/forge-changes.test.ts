import { createHmac } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import type { AnalysisSpec, StatusSpec } from '#demo/forge/spec.ts'
import { startGitea } from '#demo/gitea/index.ts'
import { startGithub } from '#demo/github/index.ts'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

const SECRET = 'wh-s3cret'
const sha = (digit: string) => digit.repeat(40)
const commits = ['a', 'b', 'c'].map((digit) => ({ sha: sha(digit), message: digit, author: { login: 'm' }, at: 1 }))
const analysed = (of: string, results: number, more: Partial<AnalysisSpec> = {}): AnalysisSpec => ({
  ...{ sha: sha(of), tool: 'CodeQL', results, at: 2, ...more },
})

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** Two forges, what they hold to be changed while the graph runs. */
async function start() {
  const statuses: StatusSpec[] = [
    { sha: sha('a'), context: 'trivy', state: 'pending', targetUrl: '/acme/tea/actions/runs/6' },
    { sha: sha('b'), context: 'trivy', state: 'success', targetUrl: 'javascript:alert(1)' },
  ]
  const gitea = await startGitea({ data: { repositories: [{ path: 'acme/tea', commits, statuses }] } })
  const analyses = [
    analysed('a', 0, { category: '/language:python' }),
    analysed('b', 3),
    // Run anew above: the latest counts.
    analysed('a', 5, { category: '/language:python', at: 1 }),
    analysed('c', 0, { error: 'error reading field xyz' }),
  ]
  const github = await startGithub({
    data: {
      repositories: [
        { path: 'acme/on', commits, analyses },
        { path: 'acme/off', commits },
        { path: 'acme/hidden', commits, analyses: 'forbidden' },
      ],
    },
  })
  const [tea, hub] = await Promise.all([gitea, github].map(({ url: target }) => startFaultServer({ target })))
  const scans = [{ name: 'trivy', kind: 'container', tool: 'Trivy' }]
  const graph = await startGraph({
    sources: [
      { id: 'tea', kind: 'gitea', url: tea?.url, hosts: ['tea.example'], scans, webhookSecret: SECRET },
      { id: 'hub', kind: 'github', url: hub?.url, hosts: ['hub.example'] },
    ],
    // Without a word from the forge, nothing would be asked anew while the test runs.
    settings: { index: { freshSeconds: 600, staleSeconds: 600 }, http: { requestTimeout: 1_000 } },
  })
  open.push(
    () => gitea.close(),
    () => github.close(),
    async () => Promise.all([tea?.close(), hub?.close()]),
    () => graph.close(),
  )
  const ask = async (repository: string, of: string, fields: string): Promise<Json> => {
    const query = `{ commit(repositoryUrl: "https://${repository}", sha: "${sha(of)}") { ${fields} } }`
    return (await graph.data<Json>(query)).commit
  }
  return { graph, statuses, tea: tea as FaultServer, hub: hub as FaultServer, ask }
}

const SCANS = 'scans { nodes { name kind tool status critical high webUrl } incomplete { source reason message } }'

describe('a commit whose status changes', () => {
  it('shows it in the next answer once the forge has told, and not before', async () => {
    const { graph, statuses, ask } = await start()
    const fields = 'checkStatus scans { nodes { status critical webUrl } }'
    const before = { checkStatus: 'RUNNING', scans: { nodes: [{ status: 'RUNNING', critical: null }] } }
    expect(await ask('tea.example/acme/tea', 'a', fields)).toMatchObject(before)
    statuses[0] = { ...(statuses[0] as StatusSpec), state: 'failure', description: '1 critical' }
    expect(await ask('tea.example/acme/tea', 'a', fields)).toMatchObject(before)

    const body = JSON.stringify({ sha: sha('a'), state: 'failure', repository: { full_name: 'Acme/Tea' } })
    const tell = (signature: string) =>
      fetch(`${graph.url}/webhooks/gitea?source=tea`, {
        ...{ method: 'POST', body },
        headers: { 'content-type': 'application/json', 'x-gitea-event': 'status', 'x-gitea-signature': signature },
      })
    expect((await tell('0'.repeat(64))).status).toBe(401)
    expect(await ask('tea.example/acme/tea', 'a', fields)).toMatchObject(before)

    expect((await tell(createHmac('sha256', SECRET).update(body).digest('hex'))).status).toBe(204)
    expect(await ask('tea.example/acme/tea', 'a', fields)).toMatchObject({
      checkStatus: 'FAILURE',
      scans: { nodes: [{ status: 'FAILURE', critical: 1 }] },
    })
  })
})

describe('scans of a commit', () => {
  it('lead to pages of Gitea itself, which it writes as paths, and to none that is no page', async () => {
    const { tea, ask } = await start()
    const of = async (digit: string) => (await ask('tea.example/acme/tea', digit, SCANS)).scans.nodes[0].webUrl
    expect(await of('a')).toBe(`${tea.url}/acme/tea/actions/runs/6`)
    expect(await of('b')).toBeNull()
  })

  it('are the analyses of code scanning on GitHub: nothing found is no critical and no high, more is not told', async () => {
    const { ask } = await start()
    const scan = { kind: 'CODE', tool: 'GitHub code scanning', webUrl: null }
    const zero = { name: 'CodeQL /language:python', status: 'SUCCESS', critical: 0, high: 0 }
    expect((await ask('hub.example/acme/on', 'a', SCANS)).scans).toEqual({
      nodes: [{ ...scan, ...zero }],
      incomplete: [],
    })
    expect((await ask('hub.example/acme/on', 'b', SCANS)).scans.nodes).toEqual([
      { ...scan, name: 'CodeQL', status: 'SUCCESS', critical: null, high: null },
    ])
    expect((await ask('hub.example/acme/on', 'c', SCANS)).scans.nodes).toEqual([
      { ...scan, name: 'CodeQL', status: 'FAILURE', critical: null, high: null },
    ])
  })

  it('cannot be told where code scanning is off, or kept from the account, which is nothing wrong with the forge', async () => {
    const { graph, ask } = await start()
    const reasons = async (repository: string) => {
      const { nodes, incomplete } = (await ask(repository, 'a', SCANS)).scans
      return [nodes, incomplete.map(({ source, reason }: Json) => `${source} ${reason}`)]
    }
    expect(await reasons('hub.example/acme/off')).toEqual([[], ['hub UNSUPPORTED']])
    expect(await reasons('hub.example/acme/hidden')).toEqual([[], ['hub UNSUPPORTED', 'hub FORBIDDEN']])
    const { sources } = await graph.data<Json>('{ sources { id status { state } } }')
    expect(sources.find(({ id }: Json) => id === 'hub').status.state).toBe('UP')
  })

  it.each([
    ['an error', { kind: 'answer', status: 500 }, 'DOWN'],
    ['silence', { kind: 'hang' }, 'TIMEOUT'],
    ['a page to log in at', { kind: 'login-page' }, 'BAD_RESPONSE'],
    ['a refusal', { kind: 'answer', status: 401 }, 'FORBIDDEN'],
  ] as const)('are not "none" while the forges answer with %s', async (_, fault, reason) => {
    const { tea, hub, ask } = await start()
    await Promise.all([tea.fault(fault), hub.fault(fault)])
    for (const [source, repository] of [
      ['tea', 'tea.example/acme/tea'],
      ['hub', 'hub.example/acme/on'],
    ]) {
      const { scans } = await ask(repository as string, 'a', SCANS)
      expect(scans).toMatchObject({ nodes: [], incomplete: [{ source, reason }] })
    }
  })
})
