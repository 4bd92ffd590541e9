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
const runs = ['a', 'b', 'c', 'd', 'aaaaaaa'].map((commit, i) => ({
  ...{ id: String(i).repeat(32), experimentId: i === 3 ? '2' : '1', name: commit, startedAt: 1_000, endedAt: 2_000 },
  tags: { 'mlflow.source.git.commit': commit.length === 1 ? sha(commit) : commit },
}))

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

/** Two forges: a is in one repository, b in two (a fork), c in none. */
async function start(more: { code?: object[]; repositories?: string[] } = {}) {
  const mlflow = await startMlflow({
    version: '3.17.2',
    data: {
      experiments: [
        { id: '1', name: 'e', createdAt: 1 },
        { id: '2', name: 'elsewhere', createdAt: 1 },
      ],
      runs,
      models: [],
    },
  })
  const github = await startGithub({
    data: { repositories: [repository('acme/churn', 'a', 'b'), repository('acme/other', '1')] },
  })
  const gitea = await startGitea({ data: { repositories: [repository('fork/churn', 'b')] } })
  const [hub, tea] = await Promise.all([github, gitea].map(({ url: target }) => startFaultServer({ target })))
  const { repositories = ['acme/churn', 'acme/other'], code = [] } = more
  const graph = await startGraph({
    sources: [
      { id: 'registry', kind: 'mlflow', url: mlflow.url },
      { id: 'hub', kind: 'github', url: hub?.url, hosts: ['hub.example'], repositories },
      { id: 'tea', kind: 'gitea', url: tea?.url, hosts: ['tea.example'], repositories: ['fork/churn'] },
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
    const query = runs.map(({ id }, i) => `r${i}: trainingRun(id: "TrainingRun:registry:${id}") { ${fields} }`)
    return graph.data(`{ ${query.join(' ')} }`)
  }
  return { hub: hub as FaultServer, tea: tea as FaultServer, ask }
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
