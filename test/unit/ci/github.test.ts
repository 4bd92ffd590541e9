import { schema as published } from '@octokit/graphql-schema'
import { buildSchema, parse, validate } from 'graphql'
import { describe, expect, it } from 'vitest'
import { startGithub } from '#demo/github/index.ts'
import { addressesOf } from '#services/ci/github/addresses.ts'
import { createBudget } from '#services/ci/github/budget.ts'
import { documentOf, type Fragment, type Item } from '#services/ci/github/documents.ts'
import type { CommitPart } from '#services/ci/port.ts'
import { connectCi } from '../../contract/ci-suite.ts'
import { startFaultServer } from '../../faults/proxy.ts'

const sha = (digit: string) => digit.repeat(40)
const call = () => ({ signal: AbortSignal.timeout(5_000) })

describe("GitHub's addresses", () => {
  it.each([
    ['https://api.github.com', { rest: '', graphql: '/graphql', web: 'https://github.com' }],
    ['https://api.acme.ghe.com', { rest: '', graphql: '/graphql', web: 'https://acme.ghe.com' }],
    ['https://github.bank.example', { rest: '/api/v3', graphql: '/api/graphql', web: 'https://github.bank.example' }],
    ['http://127.0.0.1:8080', { rest: '/api/v3', graphql: '/api/graphql', web: 'http://127.0.0.1:8080' }],
  ])('%s', (url, expected) => {
    expect(addressesOf('forge', url)).toEqual(expected)
  })

  it.each(['https://github.com', 'https://github.bank.example/api/v3', 'https://api.github.com/graphql'])(
    'says what is wrong with %s',
    (url) => {
      expect(() => addressesOf('forge', url)).toThrow(/Source "forge": "url" is no address of GitHub's API: expected/)
    },
  )
})

describe('a GraphQL request', () => {
  const commit = (value: string, owner: string, name: string, fragments: Fragment[]): Item => {
    return { owner, name, lookup: 'commit', value, fragments }
  }
  const items: Item[] = [
    commit(sha('a'), 'acme', 'churn', ['Identity', 'Checks', 'Scans', 'Runs']),
    commit(sha('b'), 'acme', 'churn', ['PullRequests']),
    commit(sha('c'), 'acme', 'other "x" {', ['ReviewedPullRequests']),
    { owner: 'acme', name: 'churn', lookup: 'revision', value: 'abc1234', fragments: ['Identity'] },
    { owner: 'acme', name: 'churn', lookup: 'pullRequest', value: 7, fragments: ['PullRequest', 'Reviews'] },
  ]

  it("is valid by GitHub's published schema", () => {
    // As published, it defines two fields twice, of types that do not matter here.
    const whole = buildSchema(published.idl, { assumeValidSDL: true })
    expect(validate(whole, parse(documentOf(items).query))).toEqual([])
  })

  it('has each repository once, and nothing that others named in its text', () => {
    const { query, variables, places } = documentOf(items)
    expect(query.match(/: repository\(/g)).toHaveLength(2)
    expect(query).not.toContain('other')
    expect(Object.values(variables)).toContain('other "x" {')
    expect(places).toEqual([
      ['r0', 'i0'],
      ['r0', 'i1'],
      ['r1', 'i0'],
      ['r0', 'i2'],
      ['r0', 'i3'],
    ])
  })

  it('holds 50 commits at most', async () => {
    const data = { repositories: [{ path: 'acme/churn', commits: [] }] }
    const server = await startGithub({ data })
    const { port, upstream } = connectCi({ kind: 'github', url: server.url })
    try {
      const asked = Array.from({ length: 101 }, (_, i) => ({
        repository: 'acme/churn',
        sha: String(i).padStart(40, '0'),
      }))
      const answers = await port.commits(
        asked.map((key) => ({ ...key, parts: new Set(['commit'] as const) })),
        call(),
      )
      expect(answers).toEqual(Array(101).fill({ commit: null }))
      expect(server.calls.length).toBe(3)
    } finally {
      await upstream.close()
      await server.close()
    }
  })
})

describe('what GitHub answers beside data', () => {
  const answered = async (body: object, keys: string[], asked: CommitPart[] = ['commit']) => {
    const server = await startFaultServer({ answer: () => ({ body: JSON.stringify(body) }) })
    const { port, upstream } = connectCi({ kind: 'github', url: server.url })
    try {
      const parts = new Set(asked)
      return await port.commits(
        keys.map((key) => ({ repository: 'acme/churn', sha: key, parts })),
        call(),
      )
    } finally {
      await upstream.close()
      await server.close()
    }
  }
  const commit = {
    __typename: 'Commit',
    oid: sha('a'),
    url: 'https://x.example/',
    authoredDate: '2026-04-01T00:00:00Z',
  }

  it.each([
    ['RATE_LIMITED', 'RATE_LIMITED'],
    ['SOMETHING_ELSE', 'BAD_RESPONSE'],
  ])('a whole answer that is the error %s', async (type, reason) => {
    const errors = [{ type, message: 'secret words' }]
    const [one] = await answered({ data: null, errors }, [sha('a')])
    expect(one).toMatchObject({ commit: { reason, message: expect.not.stringContaining('secret') } })
  })

  it.each([
    ['NOT_FOUND', null],
    ['FORBIDDEN', { reason: 'FORBIDDEN' }],
    ['SERVICE_UNAVAILABLE', { reason: 'BAD_RESPONSE' }],
  ])('an error about one commit, %s, leaves the others', async (type, expected) => {
    const errors = [{ type, path: ['r0', 'i1'], message: 'secret words' }]
    const [one, other] = await answered({ data: { r0: { i0: commit, i1: null } }, errors }, [sha('a'), sha('b')])
    expect(one).toMatchObject({ commit: { webUrl: 'https://x.example/' } })
    expect(other).toEqual({ commit: expected && expect.objectContaining(expected) })
  })

  it('a part that the token may not read is told as such, and never as none', async () => {
    const value = {
      ...commit,
      statusCheckRollup: null,
      pullRequests: { nodes: [null], pageInfo: { hasNextPage: false } },
    }
    const errors = ['statusCheckRollup', 'pullRequests'].map((field) => {
      return { type: 'FORBIDDEN', path: ['r0', 'i0', field, 'nodes', 0], message: 'Resource not accessible' }
    })
    const [one] = await answered(
      { data: { r0: { i0: value } }, errors },
      [sha('a')],
      ['commit', 'checks', 'pullRequests'],
    )
    expect(one).toEqual({
      commit: expect.objectContaining({ webUrl: 'https://x.example/' }),
      checks: expect.objectContaining({ reason: 'FORBIDDEN' }),
      pullRequests: expect.objectContaining({ reason: 'FORBIDDEN' }),
    })
  })

  it('a SHA-256 is no commit of GitHub, and is not asked for', async () => {
    const [one, other] = await answered({ data: { r0: { i0: commit } } }, ['c'.repeat(64), sha('a')])
    expect([one, other]).toMatchObject([{ commit: null }, { commit: { webUrl: 'https://x.example/' } }])
  })
})

describe("GitHub's budget of an hour", () => {
  const HOUR = 3_600_000
  const at = (minutes: number, remaining: number) => {
    let now = 1_000_000_000
    const budget = createBudget('forge', 'GraphQL', () => now)
    budget.learn({ limit: 1_000, remaining, resetAt: now + HOUR })
    now += minutes * 60_000
    return { budget, later: (more: number) => (now += more * 60_000) }
  }
  const isFree = ({ budget }: ReturnType<typeof at>) => {
    try {
      budget.check()
      return true
    } catch {
      return false
    }
  }

  it.each([
    [0, 1_000, true],
    [0, 501, true],
    [0, 499, false],
    [15, 499, true],
    [15, 374, false],
    [30, 251, true],
    [30, 249, false],
    [59, 10, true],
    [59, 0, false],
    [60, 0, true],
  ])('after %i minutes with %i of 1000 points left, a request may go out: %s', (minutes, remaining, free) => {
    expect(isFree(at(minutes, remaining))).toBe(free)
  })

  it('says when it may be asked again, and may be then', () => {
    const spent = at(0, 400)
    expect(() => spent.budget.check()).toThrow(
      expect.objectContaining({ reason: 'RATE_LIMITED', retryAfterSeconds: 720 }),
    )
    spent.later(11.9)
    expect(isFree(spent)).toBe(false)
    spent.later(0.2)
    expect(isFree(spent)).toBe(true)
  })

  it('counts what was spent since GitHub told', () => {
    const one = at(0, 501)
    one.budget.spent(2)
    expect(isFree(one)).toBe(false)
  })

  it('is closed after a refusal until it is whole again, or for a minute', () => {
    const refused = at(30, 900)
    expect(refused.budget.refused().retryAfterSeconds).toBe(1_800)
    refused.later(29)
    expect(isFree(refused)).toBe(false)
    refused.later(2)
    expect(isFree(refused)).toBe(true)
    const unknown = createBudget('forge', 'REST', () => 5)
    expect(unknown.refused().retryAfterSeconds).toBe(60)
  })

  it('is learned from answers, and spent evenly', async () => {
    const budget = { limit: 5_000, remaining: 1_000, resetAt: Date.now() + HOUR }
    const server = await startGithub({ data: { repositories: [{ path: 'acme/churn', commits: [] }] }, budget })
    const { port, upstream, state } = connectCi({ kind: 'github', url: server.url })
    const key = { repository: 'acme/churn', sha: sha('a'), parts: new Set(['commit'] as const) }
    try {
      expect(await port.commits([key], call())).toEqual([{ commit: null }])
      const [limited] = await port.commits([key], call())
      expect(limited).toMatchObject({ commit: { reason: 'RATE_LIMITED', message: expect.stringContaining('80 %') } })
      const [run] = await port.runs([{ repository: 'acme/churn', run: '1' }], call())
      expect(run).toMatchObject({ reason: 'RATE_LIMITED' })
      expect(server.calls.map(({ path }) => path)).toEqual(['/api/graphql', '/api/v3/rate_limit'])
      expect(state.status().state).toBe('UP')
    } finally {
      await upstream.close()
      await server.close()
    }
  })

  it.each([
    ['primary', /ask again in 3[56]\d\d(\.\d)? s/],
    ['secondary', /asks to be left alone for 60 s/],
    // Not for the rest of the hour, though there is a budget that says so.
    ['secondary as 403', /ask again in 60 s/],
  ] as const)('is told when GitHub refuses by its %s limit', async (limited, words) => {
    const budget = { limit: 5_000, remaining: 4_000, resetAt: Date.now() + HOUR }
    const server = await startGithub({ data: { repositories: [] }, limited, budget })
    const { port, upstream, state } = connectCi({ kind: 'github', url: server.url })
    try {
      const [run] = await port.runs([{ repository: 'acme/churn', run: '1' }], call())
      expect(run).toMatchObject({ reason: 'RATE_LIMITED', message: expect.stringMatching(words) })
      expect(state.status().state).toBe('DEGRADED')
      const asked = server.calls.length
      const [again] = await port.jobs([{ repository: 'acme/churn', run: '2' }], call())
      expect(again).toMatchObject({ reason: 'RATE_LIMITED' })
      expect(server.calls.length).toBe(asked)
    } finally {
      await upstream.close()
      await server.close()
    }
  })
})

describe("GitHub's own code scanning", () => {
  it('is known without being configured, by the app that reports it', async () => {
    const run = (id: number, app: string) => ({
      ...{ id, workflow: { name: app, file: 'x.yml' }, title: app, event: 'push', branch: 'main', sha: sha('a') },
      ...{ actor: 'x', createdAt: 1_000, startedAt: 1_000, endedAt: 2_000, conclusion: 'failure' as const, app },
      jobs: [{ id, name: 'CodeQL', startedAt: 1_000, endedAt: 2_000, conclusion: 'failure' as const }],
    })
    const commits = [{ sha: sha('a'), message: 'm', author: { login: 'x' }, at: 1_000 }]
    const runs = [run(1, 'github-advanced-security'), run(2, 'github-actions')]
    const server = await startGithub({ data: { repositories: [{ path: 'acme/churn', commits, runs }] } })
    const { port, upstream } = connectCi({ kind: 'github', url: server.url })
    try {
      const key = { repository: 'acme/churn', sha: sha('a'), parts: new Set(['scans'] as const) }
      const [found] = await port.commits([key], call())
      expect(found).toMatchObject({
        scans: {
          scans: [{ kind: 'CODE', name: 'CodeQL', tool: 'GitHub code scanning', status: 'FAILURE', critical: null }],
          gaps: [],
        },
      })
    } finally {
      await upstream.close()
      await server.close()
    }
  })
})
