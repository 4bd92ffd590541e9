import { afterEach, describe, expect, it } from 'vitest'
import { startGitea } from '#demo/gitea/index.ts'
import { startGithub } from '#demo/github/index.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

const sha = (digit: string) => digit.repeat(40)
const repository = (path: string, ...digits: string[]) => ({
  path,
  commits: digits.map((digit) => ({ sha: sha(digit), message: digit, author: { login: 'maker' }, at: 1 })),
})

/** What MLflow records outside of projects: a commit, and no repository. */
const runsOf = (recorded: readonly string[]) =>
  recorded.map((commit, i) => ({
    ...{ id: idOf(i), experimentId: i === 3 ? '2' : '1', name: commit, startedAt: 1_000, endedAt: 2_000 },
    tags: { 'mlflow.source.git.commit': commit.length === 1 ? sha(commit) : commit },
  }))
const idOf = (i: number) => i.toString(16).padStart(32, '0')
const someRuns = runsOf(['a', 'b', 'c', 'd', 'aaaaaaa'])

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** Two forges: a is in one repository, b in two (a fork), c in none. */
interface More {
  readonly code?: object[]
  readonly repositories?: string[]
  readonly teaRepositories?: string[]
  /** What runs recorded. */
  readonly recorded?: readonly string[]
}
async function start(more: More = {}) {
  const { recorded } = more
  const runs = recorded ? runsOf(recorded) : someRuns
  const mlflow = await startMlflow({
    version: '3.17.2',
    data: {
      experiments: [
        { id: '1', name: 'e', createdAt: 1 },
        { id: '2', name: 'elsewhere', createdAt: 1 },
      ],
      runs,
      models: runs.map(({ id, name }) => ({
        ...{ name: `of-${name}`, createdAt: 1 },
        versions: [{ createdAt: 1, source: `runs:/${id}/model`, runId: id }],
      })),
    },
  })
  const github = await startGithub({
    data: { repositories: [repository('acme/churn', 'a', 'b'), repository('acme/other', '1')] },
  })
  const gitea = await startGitea({ data: { repositories: [repository('fork/churn', 'b')] } })
  const [hub, tea] = await Promise.all([github, gitea].map(({ url: target }) => startFaultServer({ target })))
  const { repositories = ['acme/churn', 'acme/other'], teaRepositories = ['fork/churn'], code = [] } = more
  const graph = await startGraph({
    sources: [
      { id: 'registry', kind: 'mlflow', url: mlflow.url },
      { id: 'hub', kind: 'github', url: hub?.url, hosts: ['hub.example'], repositories },
      { id: 'tea', kind: 'gitea', url: tea?.url, hosts: ['tea.example'], repositories: teaRepositories },
    ],
    settings: { code, http: { requestTimeout: 1_000 } },
  })
  open.push(
    () => mlflow.close(),
    () => github.close(),
    () => gitea.close(),
  )
  open.push(
    async () => Promise.all([hub?.close(), tea?.close()]),
    () => graph.close(),
  )
  const ask = async (): Promise<Json> => {
    const fields =
      'commit { id repositoryUrl } commitLink { method confidence evidence } codeIncomplete { source reason message }'
    const query = someRuns.map(({ id }, i) => `r${i}: trainingRun(id: "TrainingRun:registry:${id}") { ${fields} }`)
    return graph.data(`{ ${query.join(' ')} }`)
  }
  return { hub: hub as FaultServer, tea: tea as FaultServer, ask, graph }
}

describe('a commit of a run that recorded no repository', () => {
  it('is found where exactly one of the listed repositories has it, in one batch', async () => {
    const { ask, hub, tea } = await start()
    const { r0, r1, r2, r4 } = await ask()
    expect(r0).toMatchObject({
      commit: { repositoryUrl: 'https://hub.example/acme/churn' },
      commitLink: {
        ...{ method: 'MATCHED', confidence: 0.8 },
        evidence: `the run recorded commit ${sha('a')} and no repository; of the 3 repositories that the configured forges list, only https://hub.example/acme/churn has it`,
      },
      codeIncomplete: [],
    })
    // The beginning of one is completed on the way.
    expect(r4.commit).toEqual(r0.commit)
    expect(r1).toMatchObject({
      ...{ commit: null, commitLink: null },
      codeIncomplete: [{ reason: 'UNMATCHED', message: expect.stringContaining('cannot be told which is meant') }],
    })
    expect(r1.codeIncomplete[0].message).toMatch(/hub\.example\/acme\/churn and https:\/\/tea\.example\/fork\/churn/)
    expect(r2).toMatchObject({
      ...{ commit: null },
      codeIncomplete: [{ reason: 'UNMATCHED', message: expect.stringMatching(/none of the 3 repositories/) }],
    })
    // Five commits in two repositories of GitHub are one request; Gitea knows no batch.
    expect(hub.calls.filter(({ body }) => body.includes('object(expression:') && body.includes(sha('a')))).toHaveLength(
      1,
    )
    expect(tea.calls.filter(({ path }) => path.includes('/git/commits/'))).toHaveLength(5)
  })

  it('is a guess while a forge is silent, since that may have it as well', async () => {
    const { ask, tea } = await start()
    await tea.fault({ kind: 'answer', status: 500 })
    const { r0, r2 } = await ask()
    expect(r0).toMatchObject({
      commit: { repositoryUrl: 'https://hub.example/acme/churn' },
      commitLink: { method: 'GUESSED', evidence: expect.stringContaining('some could not be asked') },
      codeIncomplete: [{ source: 'tea', reason: 'DOWN' }],
    })
    expect(r2).toMatchObject({ commit: null, codeIncomplete: [{ source: 'tea', reason: 'DOWN' }] })
  })

  it('is of the repository that the configuration states for its experiment, without being looked for', async () => {
    const code = [
      { registry: 'registry', experiment: 'e', repository: 'git@hub.example:acme/churn.git' },
      { registry: 'registry', repository: 'https://elsewhere.example/x/y' },
    ]
    const { ask, tea } = await start({ code })
    const { r0, r1, r3 } = await ask()
    expect(r0).toMatchObject({
      commit: { repositoryUrl: 'https://hub.example/acme/churn' },
      commitLink: { method: 'CONFIGURED', confidence: 1, evidence: expect.stringContaining('of experiment "e"') },
    })
    expect(r1.commit.repositoryUrl).toBe('https://hub.example/acme/churn')
    expect(r3.commit.repositoryUrl).toBe('https://elsewhere.example/x/y')
    expect(tea.calls.filter(({ path }) => path.includes('/git/commits/'))).toEqual([])
  })

  it('leads back to the run, also by the beginning of its SHA, and to nothing where it cannot be told', async () => {
    const { graph, tea } = await start()
    const back = 'trainingRuns { nodes { name commitLink { method } } incomplete { source reason message } }'
    const fork = 'commit(repositoryUrl: "https://tea.example/fork/churn", sha: '
    const { a, b } = await graph.data<Json>(
      `{ a: commit(repositoryUrl: "https://hub.example/acme/churn", sha: "${sha('a')}") { ${back} } b: ${fork} "${sha('b')}") { ${back} } }`,
    )
    const ofA = [{ name: 'a' }, { name: 'aaaaaaa' }].map((run) => ({ ...run, commitLink: { method: 'MATCHED' } }))
    expect(a.trainingRuns).toEqual({ nodes: ofA, incomplete: [] })
    expect(b.trainingRuns).toMatchObject({ nodes: [], incomplete: [{ reason: 'UNMATCHED' }] })

    await tea.fault({ kind: 'answer', status: 500 })
    const other = await graph.data<Json>(
      `{ commit(repositoryUrl: "https://elsewhere.example/x/y", sha: "${sha('d')}") { ${back} } }`,
    )
    expect(other.commit.trainingRuns).toMatchObject({ nodes: [], incomplete: [{ source: 'tea', reason: 'DOWN' }] })
  })

  it('leads back to runs of which the configuration states its repository, by model before experiment', async () => {
    const code = [
      { registry: 'registry', experiment: 'e', repository: 'https://hub.example/acme/other' },
      { registry: 'registry', model: 'of-b', repository: 'https://tea.example/fork/churn' },
    ]
    const { graph, ask, tea } = await start({ code })
    const { r1 } = await ask()
    expect(r1).toMatchObject({
      commit: { repositoryUrl: 'https://tea.example/fork/churn' },
      commitLink: { method: 'CONFIGURED', evidence: expect.stringContaining('runs of its model are made from') },
    })
    const back = 'trainingRuns { nodes { name } incomplete { reason } }'
    const { stated, found } = await graph.data<Json>(
      `{ stated: commit(repositoryUrl: "https://tea.example/fork/churn", sha: "${sha('b')}") { ${back} }
        found: commit(repositoryUrl: "https://hub.example/acme/churn", sha: "${sha('a')}") { ${back} } }`,
    )
    expect(stated.trainingRuns).toEqual({ nodes: [{ name: 'b' }], incomplete: [] })
    // Stated to be of another repository.
    expect(found.trainingRuns).toEqual({ nodes: [], incomplete: [] })
    // Only that of the other experiment is looked for.
    const looked = tea.calls.filter(({ path }) => path.includes('/git/commits/'))
    expect(looked.filter(({ path }) => !path.includes(sha('d')))).toEqual([])
  })

  it('costs one request of a client a hundred requests at most, and what was found or not is remembered', async () => {
    const shas = Array.from({ length: 20 }, (_, i) => String(i).padStart(40, '0'))
    const places = Array.from({ length: 20 }, (_, i) => `fork/r${i}`)
    const { graph, tea } = await start({ teaRepositories: places, repositories: [], recorded: shas })
    const all = async () => {
      // A page, which is one question to the subgraph also where that is a server of its own.
      const query = '{ models { nodes { versions { nodes { run { codeIncomplete { reason } } } } } } }'
      const { models } = await graph.data<Json>(query)
      const looked = tea.calls.filter(({ path }) => path.includes('/git/commits/')).length
      const reasons = models.nodes.map(({ versions }: Json) => versions.nodes[0].run.codeIncomplete[0].reason as string)
      return {
        looked,
        reasons: Object.fromEntries(
          Object.entries(Object.groupBy<string, string>(reasons, (one) => one)).map(([one, of]) => [one, of?.length]),
        ),
      }
    }
    expect(await all()).toEqual({ looked: 100, reasons: { UNMATCHED: 5, TRUNCATED: 15 } })
    expect(await all()).toEqual({ looked: 200, reasons: { UNMATCHED: 10, TRUNCATED: 10 } })
  })

  it('is looked for in twenty repositories and no more, and what was left out is told', async () => {
    const many = ['acme/churn', ...Array.from({ length: 24 }, (_, i) => `acme/r${i}`)]
    const { ask, tea } = await start({ repositories: many })
    const { r0 } = await ask()
    expect(r0).toMatchObject({
      commitLink: { method: 'GUESSED' },
      codeIncomplete: [{ reason: 'TRUNCATED', message: expect.stringContaining('the first 20 only') }],
    })
    expect(tea.calls.filter(({ path }) => path.includes('/git/commits/'))).toEqual([])
  })
})
