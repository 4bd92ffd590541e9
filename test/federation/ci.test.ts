import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { startCompany } from '#demo/company/index.ts'
import type { RunSpec } from '#demo/forge/spec.ts'
import { startGitea } from '#demo/gitea/index.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

/** The demonstration company, its forges behind proxies that count and can fail. */
async function start() {
  const company = await startCompany()
  const proxies = new Map<string, FaultServer>()
  const sources = await Promise.all(
    company.config.sources.map(async (source) => {
      const { id, url } = source as { id: string; url: string }
      if (id !== 'git' && id !== 'github-enterprise') return source
      const proxy = await startFaultServer({ target: url })
      proxies.set(id, proxy)
      return { ...source, url: proxy.url }
    }),
  )
  const { people, tags } = company.config
  const graph = await startGraph({ sources, settings: { people, tags, http: { requestTimeout: 1_500 } } })
  const proxy = (id: string): FaultServer => {
    const found = proxies.get(id)
    if (!found) throw new Error(`There is no proxy for ${id}`)
    return found
  }
  return {
    ...{ graph, git: proxy('git'), github: proxy('github-enterprise') },
    close: async () => {
      await graph.close()
      await Promise.all([...proxies.values()].map((one) => one.close()))
      await company.close()
    },
  }
}

const RUN = `run {
  id
  commit {
    id sha repositoryUrl message author checkStatus onProtectedBranch
    provenance { source { id } }
    pullRequests { nodes { number state author approvals { by } independentlyApproved mergedBy } incomplete { source reason message } }
    pipelineRuns { nodes { name status } incomplete { source reason } }
    incomplete { source reason }
  }
  commitLink { method confidence evidence }
  pipelineRun { id name status actor jobs { name status } trainingRuns { nodes { id } incomplete { reason } } }
  pipelineRunLink { method confidence evidence }
  codeIncomplete { source reason message }
}`

/** The run behind the champion of a model. */
async function runOf(graph: Graph, model: string): Promise<Json> {
  const query = `query Chain($id: ID!) { model(id: $id) { champion { ${RUN} } } }`
  const { model: found } = await graph.data<Json>(query, { id: `Model:mlflow:${model}` })
  return found.champion.run
}

describe('at the company', () => {
  let company: Awaited<ReturnType<typeof start>>
  beforeAll(async () => {
    company = await start()
  })
  afterAll(() => company.close())

  it('a commit that somebody else approved at its head is independently approved', async () => {
    const run = await runOf(company.graph, 'card-fraud')
    expect(run.commit).toMatchObject({
      id: `Commit:https%3A%2F%2Fgit.bank.example%2Ffraud%2Fcards:${run.commit.sha}`,
      ...{ repositoryUrl: 'https://git.bank.example/fraud/cards', author: 'fraud-dev', checkStatus: 'SUCCESS' },
      ...{ onProtectedBranch: true, provenance: { source: { id: 'git' } }, incomplete: [] },
      pullRequests: {
        nodes: [
          {
            state: 'MERGED',
            author: 'fraud-dev',
            approvals: [{ by: 'model-review' }],
            independentlyApproved: true,
            mergedBy: 'fraud-dev',
          },
        ],
        incomplete: [],
      },
    })
    expect(run.commitLink).toMatchObject({ method: 'DECLARED', evidence: expect.stringContaining(run.commit.sha) })
  })

  it('a CI run is found by the address that the training run recorded', async () => {
    const run = await runOf(company.graph, 'card-fraud')
    expect(run.pipelineRun).toMatchObject({
      name: 'train.yml',
      status: 'SUCCESS',
      actor: 'fraud-pipelines',
      jobs: [{ name: 'train' }],
    })
    expect(run.pipelineRunLink).toMatchObject({
      ...{ method: 'DECLARED', confidence: 0.95 },
      evidence: expect.stringContaining('https://git.bank.example/fraud/cards/actions/runs/'),
    })
    expect(run.codeIncomplete).toEqual([])
  })

  it('a CI run is found by commit and time, with less confidence', async () => {
    const run = await runOf(company.graph, 'churn')
    expect(run.pipelineRun).toMatchObject({
      name: 'train.yml',
      trainingRuns: { nodes: [{ id: run.id }], incomplete: [] },
    })
    expect(run.pipelineRunLink).toMatchObject({ method: 'MATCHED', confidence: 0.6 })
  })

  it('a commit that was pushed without a pull request has none, and nothing is missing', async () => {
    const { commit } = await runOf(company.graph, 'discount-cap')
    expect(commit).toMatchObject({
      ...{ author: 'pricing-dev', onProtectedBranch: false, provenance: { source: { id: 'github-enterprise' } } },
      pullRequests: { nodes: [], incomplete: [] },
    })
  })

  it('a commit tells its scans, and what they found', async () => {
    const query = (model: string) =>
      `{ model(id: "Model:mlflow:${model}") { champion { run { commit { checkStatus scans { nodes { kind tool status critical high } incomplete { source reason } } } } } } }`
    const scansOf = async (model: string) => {
      const { model: found } = await company.graph.data<Json>(query(model))
      return found.champion.run.commit.scans
    }
    const scan = { kind: 'DEPENDENCY', tool: 'Trivy' }
    expect(await scansOf('discount-cap')).toEqual({
      ...{ nodes: [{ ...scan, status: 'FAILURE', critical: 2, high: 5 }], incomplete: [] },
    })
    expect(await scansOf('card-fraud')).toEqual({
      ...{ nodes: [{ ...scan, status: 'SUCCESS', critical: 0, high: 0 }], incomplete: [] },
    })
  })

  it("an approval by another account of the author's team is none of somebody else", async () => {
    const { commit } = await runOf(company.graph, 'loan-default')
    expect(commit.pullRequests.nodes).toMatchObject([
      { author: 'credit-dev', approvals: [{ by: 'credit-deploy' }], independentlyApproved: false },
    ])
  })

  it('a run from a laptop has no commit, and nothing is missing', async () => {
    const run = await runOf(company.graph, 'affordability')
    expect(run).toMatchObject({
      commit: null,
      commitLink: null,
      pipelineRun: null,
      pipelineRunLink: null,
      codeIncomplete: [],
    })
  })

  it('every edge is found from both ends', async () => {
    const back = 'trainingRuns { nodes { id } incomplete { reason } }'
    const { models } = await company.graph.data<Json>(
      `{ models { nodes { versions { nodes { run { id commit { id ${back} } pipelineRun { id ${back} } } } } } } }`,
    )
    const runs = models.nodes.flatMap((model: Json) => model.versions.nodes.flatMap(({ run }: Json) => run ?? []))
    const started = runs.filter(({ pipelineRun }: Json) => pipelineRun)
    expect(runs.filter(({ commit }: Json) => commit).length).toBeGreaterThan(25)
    expect(started.length).toBeGreaterThan(8)
    for (const { id, commit } of runs)
      if (commit) expect(commit.trainingRuns.nodes.map((run: Json) => run.id)).toContain(id)
    for (const { id, pipelineRun } of started)
      expect(pipelineRun.trainingRuns.nodes.map((run: Json) => run.id)).toContain(id)

    const { pipelineRuns } = await company.graph.data<Json>(
      '{ pipelineRuns(first: 200) { nodes { id commit { id } trainingRuns { nodes { id commit { id } pipelineRun { id } } } } incomplete { reason } } }',
    )
    const forth = pipelineRuns.nodes.flatMap(({ trainingRuns, ...of }: Json) =>
      trainingRuns.nodes.map((run: Json) => ({ of, run })),
    )
    expect(forth.length).toBe(new Set(started.map(({ id }: Json) => id)).size)
    for (const { of, run } of forth) expect([run.pipelineRun.id, run.commit.id]).toEqual([of.id, of.commit.id])
  })

  it('the latest runs can be filtered', async () => {
    const { pipelineRuns } = await company.graph.data<Json>(
      `{ pipelineRuns(where: { repositoryUrl: "git@git.bank.example:Fraud/Cards.git", status: SUCCESS }) { totalCount nodes { id commit { repositoryUrl } } incomplete { reason } } }`,
    )
    expect(pipelineRuns.totalCount).toBe(10)
    expect(pipelineRuns.nodes[0].commit.repositoryUrl).toBe('https://git.bank.example/fraud/cards')
    const { none } = await company.graph.data<Json>(
      '{ none: pipelineRuns(where: { repositoryUrl: "https://elsewhere.example/a/b" }) { nodes { id } incomplete { reason } } }',
    )
    expect(none).toEqual({ nodes: [], incomplete: [{ reason: 'NOT_CONFIGURED' }] })
  })

  it('any spelling of a repository and any length of a SHA leads to the same commit', async () => {
    const { commit } = await runOf(company.graph, 'card-fraud')
    const spellings = [
      'https://git.bank.example/fraud/cards',
      'https://user:s3cret@git.bank.example:8443/Fraud/Cards.git?token=s3cret',
      'ssh://git@git.bank.example:2222/fraud/cards.git',
      'git@GIT.bank.example:fraud/cards.git',
    ]
    for (const repositoryUrl of spellings) {
      for (const sha of [commit.sha, commit.sha.toUpperCase(), commit.sha.slice(0, 9)]) {
        const answer = await company.graph.ask(
          'query Spelled($repositoryUrl: String!, $sha: String!) { commit(repositoryUrl: $repositoryUrl, sha: $sha) { id } }',
          { variables: { repositoryUrl, sha } },
        )
        expect(answer.data).toEqual({ commit: { id: commit.id } })
        expect(JSON.stringify(answer)).not.toContain('s3cret')
      }
    }
  })

  it('what is no commit is said to be none', async () => {
    const ask = (repositoryUrl: string, sha: string) =>
      company.graph.ask(
        'query None($repositoryUrl: String!, $sha: String!) { commit(repositoryUrl: $repositoryUrl, sha: $sha) { id message provenance { stale } incomplete { source reason } pullRequests { nodes { id } incomplete { source reason } } } }',
        { variables: { repositoryUrl, sha } },
      )
    const [cards, zero] = ['https://git.bank.example/fraud/cards', '0'.repeat(40)]
    const unmatched = [{ source: 'git', reason: 'UNMATCHED' }]
    expect(await ask(cards, zero)).toMatchObject({
      data: {
        commit: {
          message: null,
          provenance: null,
          incomplete: unmatched,
          pullRequests: { nodes: [], incomplete: unmatched },
        },
      },
    })
    expect((await ask('https://elsewhere.example/a/b', zero)).data).toMatchObject({
      commit: { provenance: null, incomplete: [{ source: null, reason: 'NOT_CONFIGURED' }] },
    })
    for (const [url, sha, words] of [
      [cards, '0000000', 'beginning of no commit'],
      [cards, 'main', 'sha: expected'],
      ['/home/secret/cards', zero, 'repositoryUrl: expected'],
    ] as const) {
      const { data, errors } = await ask(url, sha)
      expect(data).toEqual({ commit: null })
      expect(errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT' }, message: expect.stringContaining(words) },
      ])
      expect(JSON.stringify(errors)).not.toContain('/home/secret')
    }
  })

  it('commits, pull requests and CI runs are things with an id', async () => {
    const { commit, pipelineRun } = await runOf(company.graph, 'card-fraud')
    const number = commit.pullRequests.nodes[0].number
    const ids = [
      commit.id,
      pipelineRun.id,
      `PullRequest:git:fraud%2Fcards:${number}`,
      'PipelineRun:git:elsewhere%2Frepo:1',
      'PullRequest:git:fraud%2Fcards:1%3B',
    ]
    const answer: Json = await company.graph.ask(
      'query Things($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Commit { sha message } ... on PipelineRun { name } ... on PullRequest { title approvals { by } } } }',
      { variables: { ids } },
    )
    expect(answer.data.nodes).toMatchObject([
      { __typename: 'Commit', sha: commit.sha },
      { __typename: 'PipelineRun', name: 'train.yml' },
      { __typename: 'PullRequest', approvals: [{ by: 'model-review' }] },
      null,
      null,
    ])
  })
})

const CHAMPIONS = (fields: string) =>
  `{ models(where: { hasChampion: true }) { nodes { name champion { run { commit { ${fields} } codeIncomplete { source reason } } } } } }`

describe('what the forges are asked', () => {
  let company: Awaited<ReturnType<typeof start>>
  afterEach(() => company.close())
  const paths = (proxy: FaultServer) => proxy.calls.map(({ path }) => path.replace(/\?.*/, ''))

  it('is one GraphQL request for all commits of GitHub, and by Gitea lists and statuses', async () => {
    company = await start()
    const fields = 'message checkStatus pullRequests { nodes { number } } pipelineRuns { nodes { name } }'
    await company.graph.data(
      `{ models(where: { hasChampion: true }) { nodes { champion { run { commit { ${fields} } } } } } }`,
    )
    expect(paths(company.github)).toEqual(['/api/graphql'])
    // Two queries later, nothing new is asked.
    const asked = paths(company.git)
    expect(asked.filter((path) => path.endsWith('/reviews'))).toEqual([])
    expect(asked.filter((path) => path.endsWith('/pulls')).length).toBe(
      new Set(asked.filter((path) => path.endsWith('/pulls'))).size,
    )
    expect(asked.length).toBeLessThanOrEqual(1 + 9 * 4)
    await company.graph.data(
      `{ models(where: { hasChampion: true }) { nodes { champion { run { commit { ${fields} } } } } } }`,
    )
    expect([paths(company.github).length, paths(company.git).length]).toEqual([1, asked.length])
  })

  it('is nothing for a full SHA alone', async () => {
    company = await start()
    await company.graph.data(
      '{ models { nodes { champion { run { commit { id sha repositoryUrl } commitLink { method } } } } } }',
    )
    expect([paths(company.github), paths(company.git)]).toEqual([[], []])
  })

  it('has reviews in it only when they are selected', async () => {
    company = await start()
    const reviews = (proxy: FaultServer) => proxy.calls.filter(({ path, body }) => /reviews/.test(path + body)).length
    const of = (fields: string) =>
      company.graph.data(
        `{ models { nodes { champion { run { commit { pullRequests { nodes { ${fields} } } } } } } } }`,
      )
    await of('number state')
    expect([reviews(company.git), reviews(company.github)]).toEqual([0, 0])
    await of('number independentlyApproved')
    // One for each pull request, and one in all.
    expect(reviews(company.git)).toBe(9)
    expect(reviews(company.github)).toBe(1)
  })

  it('fails for one forge alone, and is told', async () => {
    company = await start()
    await company.git.fault({ kind: 'refuse' })
    const answer: Json = await company.graph.ask(
      CHAMPIONS(
        'sha message provenance { stale } incomplete { source reason } pullRequests { nodes { number } incomplete { source reason } }',
      ),
    )
    expect(answer.errors).toBeUndefined()
    const of = (name: string) => answer.data.models.nodes.find((model: Json) => model.name === name).champion.run
    const down = [{ source: 'git', reason: 'DOWN' }]
    expect(of('card-fraud')).toMatchObject({
      commit: {
        sha: expect.stringMatching(/^[0-9a-f]{40}$/),
        message: null,
        provenance: null,
        incomplete: down,
        pullRequests: { nodes: [], incomplete: down },
      },
      codeIncomplete: down,
    })
    expect(of('price-elasticity').commit).toMatchObject({
      message: expect.any(String),
      incomplete: [],
      pullRequests: { nodes: [{}], incomplete: [] },
    })
  })

  it('is told to be limited when GitHub says so, and no more is asked', async () => {
    company = await start()
    const body = JSON.stringify({ message: 'API rate limit exceeded for user ID 1. s3cret' })
    await company.github.fault({
      kind: 'answer',
      status: 403,
      body,
      headers: { 'content-type': 'application/json' },
    } as never)
    const ask = async (): Promise<Json> =>
      (
        await company.graph.ask(
          '{ model(id: "Model:mlflow:discount-cap") { champion { run { commit { pullRequests { nodes { id } incomplete { source reason message } } } } } } }',
        )
      ).data
    const answer = await ask()
    expect(answer.model.champion.run.commit.pullRequests).toMatchObject({
      nodes: [],
      incomplete: [
        {
          source: 'github-enterprise',
          reason: 'RATE_LIMITED',
          message: expect.stringMatching(/ask again in 60 s \(20/),
        },
      ],
    })
    expect(JSON.stringify(answer)).not.toContain('s3cret')
    await company.github.heal()
    const before = company.github.calls.length
    await company.graph.ask('{ model(id: "Model:mlflow:demand-forecast") { champion { run { commit { message } } } } }')
    expect(company.github.calls.length).toBe(before)
  })
})

describe('what runs recorded otherwise', () => {
  it('leads on as far as it is sure', async () => {
    const [one, two, three] = [`abc123${'1'.repeat(34)}`, `abc124${'2'.repeat(34)}`, `abc124${'3'.repeat(34)}`] as const
    const at = (minute: number) => Date.UTC(2026, 3, 1, 10, minute)
    const ci = (id: number, sha: string, startedAt: number, endedAt: number): RunSpec => ({
      ...{
        id,
        sha,
        createdAt: startedAt,
        startedAt,
        endedAt,
        conclusion: 'success',
        workflow: { name: 'ci', file: 'ci.yml' },
      },
      ...{ title: 'ci', event: 'push', branch: 'main', actor: 'maker' },
    })
    const gitea = await startGitea({
      webUrl: 'https://git.example',
      data: {
        repositories: [
          {
            path: 'a/b',
            commits: [one, two, three].map((sha) => ({ sha, message: sha, author: { login: 'maker' }, at: 1 })),
            runs: [ci(1, one, at(0), at(20)), ci(2, one, at(10), at(30)), ci(3, two, at(0), at(59))],
          },
        ],
      },
    })
    const recorded = {
      short: { sha: one.slice(0, 6), minute: 5 },
      ambiguous: { sha: two.slice(0, 5), minute: 5 },
      during: { sha: one, minute: 15 },
      later: { sha: one, minute: 45 },
      elsewhere: { sha: two, minute: 5, ci: 'https://git.example/a/b/actions/runs/99' },
      attempt: { sha: three, minute: 5, ci: 'https://git.example/A/B/actions/runs/3/attempts/2' },
    }
    const names = Object.keys(recorded)
    const runs = Object.entries(recorded).map(([name, { sha, minute, ...more }], i) => {
      const tags = { 'mlflow.source.git.commit': sha, 'mlflow.source.git.repoURL': 'git@git.example:a/b.git', ...more }
      return { id: String(i).repeat(32), experimentId: '1', name, startedAt: at(minute), endedAt: at(minute) + 1, tags }
    })
    const versions = runs.map(({ id: runId }, i) => ({ version: String(i + 1), createdAt: 1, source: 's3://x', runId }))
    const mlflow = await startMlflow({
      version: '3.17.2',
      data: {
        experiments: [{ id: '1', name: 'e', createdAt: 1 }],
        runs,
        models: [{ name: 'm', createdAt: 1, versions }],
      },
    })
    const graph = await startGraph({
      sources: [
        { id: 'registry', kind: 'mlflow', url: mlflow.url },
        { id: 'git', kind: 'gitea', url: gitea.url, hosts: ['git.example'] },
      ],
      settings: { tags: { pipelineRun: ['ci'] } },
    })
    try {
      const back = 'trainingRuns { nodes { name } }'
      const fields = `commit { sha ${back} } commitLink { method } pipelineRun { id ${back} } pipelineRunLink { method } codeIncomplete { reason message }`
      const query = names.map(
        (name, i) => `${name}: trainingRun(id: "TrainingRun:registry:${String(i).repeat(32)}") { ${fields} }`,
      )
      const found = await graph.data<Json>(`{ ${query.join(' ')} }`)
      const ofOne = { sha: one, trainingRuns: { nodes: [{ name: 'later' }, { name: 'during' }, { name: 'short' }] } }
      expect(found).toMatchObject({
        short: {
          ...{
            commit: ofOne,
            commitLink: { method: 'MATCHED' },
            pipelineRunLink: { method: 'MATCHED' },
            codeIncomplete: [],
          },
          pipelineRun: { id: 'PipelineRun:git:a%2Fb:1', trainingRuns: { nodes: [{ name: 'short' }] } },
        },
        ambiguous: {
          commit: null,
          codeIncomplete: [{ reason: 'UNMATCHED', message: expect.stringContaining('or of several') }],
        },
        during: {
          commit: ofOne,
          pipelineRun: null,
          codeIncomplete: [{ message: expect.stringContaining('2 CI runs') }],
        },
        later: { commit: ofOne, pipelineRun: null, codeIncomplete: [] },
        elsewhere: {
          pipelineRun: null,
          codeIncomplete: [{ reason: 'UNMATCHED', message: expect.stringContaining('/runs/99') }],
        },
        // What it recorded counts, though the CI run is of another commit.
        attempt: {
          ...{ commit: { sha: three }, pipelineRunLink: { method: 'DECLARED' }, codeIncomplete: [] },
          pipelineRun: { id: 'PipelineRun:git:a%2Fb:3', trainingRuns: { nodes: [{ name: 'attempt' }] } },
        },
      })
    } finally {
      await graph.close()
      await Promise.all([mlflow.close(), gitea.close()])
    }
  })

  it('is told to be missing, with the reason', async () => {
    const tags = {
      short: { 'mlflow.source.git.commit': '1ace231', 'mlflow.source.git.repoURL': 'https://nowhere.example/a/b' },
      branch: { 'mlflow.source.git.commit': 'main', 'mlflow.source.git.repoURL': 'https://nowhere.example/a/b' },
      homeless: { 'mlflow.source.git.commit': 'a'.repeat(40) },
      folder: { 'mlflow.source.git.commit': 'a'.repeat(40), 'mlflow.source.git.repoURL': '/home/s3cret/repo' },
      strange: { ci: 'https://user:s3cret@nowhere.example/a/b/actions/runs/1' },
    }
    const mlflow = await startMlflow({
      version: '3.17.2',
      data: {
        experiments: [{ id: '1', name: 'e', createdAt: 1 }],
        runs: Object.entries(tags).map(([name, of], i) => ({
          id: String(i).repeat(32),
          experimentId: '1',
          name,
          startedAt: 1,
          tags: of,
        })),
        models: [],
      },
    })
    const graph = await startGraph({
      sources: [{ id: 'registry', kind: 'mlflow', url: mlflow.url }],
      settings: { tags: { pipelineRun: ['ci'] } },
    })
    try {
      const fields = 'commit { id } commitLink { method } pipelineRun { id } codeIncomplete { reason message }'
      const query = Object.keys(tags).map(
        (name, i) => `${name}: trainingRun(id: "TrainingRun:registry:${String(i).repeat(32)}") { ${fields} }`,
      )
      const runs = await graph.data<Json>(`{ ${query.join(' ')} }`)
      const reasons = Object.fromEntries(
        Object.entries(runs).map(([name, { codeIncomplete }]: Json) => [
          name,
          codeIncomplete.map(({ reason }: Json) => reason),
        ]),
      )
      expect(reasons).toEqual({
        ...{ short: ['NOT_CONFIGURED'], branch: ['UNMATCHED'], homeless: ['UNMATCHED'], folder: ['UNMATCHED'] },
        strange: ['NOT_CONFIGURED'],
      })
      for (const run of Object.values(runs))
        expect(run).toMatchObject({ commit: null, commitLink: null, pipelineRun: null })
      expect(JSON.stringify(runs)).not.toContain('s3cret')
    } finally {
      await graph.close()
      await mlflow.close()
    }
  })
})
