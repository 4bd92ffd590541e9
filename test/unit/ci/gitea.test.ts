import { describe, expect, it } from 'vitest'
import type { ForgeData, PullSpec, RunSpec } from '#demo/forge/spec.ts'
import { startGitea } from '#demo/gitea/index.ts'
import { jobOf, reviewOf, runOf, statusOf } from '#services/ci/gitea/records.ts'
import { jobs, reviews, run } from '#services/ci/gitea/wire.ts'
import type { CommitPart } from '#services/ci/port.ts'
import { connectCi } from '../../contract/ci-suite.ts'

const sha = (number: number) => String(number).padStart(40, '0')
const call = () => ({ signal: AbortSignal.timeout(10_000) })

/** A Gitea whose pages have 2 items, with one pull request and one CI run for each of so many commits, oldest first. */
async function started(count: number) {
  const numbers = Array.from({ length: count }, (_, i) => i + 1)
  const repository = {
    path: 'acme/churn',
    commits: [...numbers, ...numbers.map((number) => number + 100)].map((number) => {
      return { sha: sha(number), message: `Commit ${number}`, author: { login: 'maker' }, at: number }
    }),
    pulls: numbers.map(
      (number): PullSpec => ({
        ...{ number, title: `Pull ${number}`, author: 'maker', createdAt: number * 1_000, branch: `b${number}` },
        ...{ head: sha(number), merged: { at: number * 1_000, by: 'maker', commit: sha(number + 100) } },
      }),
    ),
    runs: numbers.map(
      (id): RunSpec => ({
        ...{ id, workflow: { name: 'ci', file: 'ci.yml' }, title: 'ci', event: 'push', branch: 'main', sha: sha(id) },
        ...{ actor: 'maker', createdAt: id * 1_000, startedAt: id * 1_000, endedAt: id * 1_000, conclusion: 'success' },
      }),
    ),
  }
  const data: ForgeData = { repositories: [repository] }
  const server = await startGitea({ data, maxItems: 2 })
  const { port, upstream } = connectCi({ kind: 'gitea', url: server.url })
  const ask = async (part: CommitPart, keys: number[]) => {
    const before = server.calls.length
    const asked = keys.map((key) => ({ repository: 'acme/churn', sha: sha(key), parts: new Set([part]) }))
    const answers = await port.commits(asked, call())
    const told = answers.map((one) => (one && !(one instanceof Error) ? one[part] : one))
    const calls = server.calls.slice(before).map(({ path }) => path.replace('/api/v1/repos/acme/churn', ''))
    return { told, calls: calls.filter((path) => !path.includes('/settings/')) }
  }
  return { ask, close: () => Promise.all([upstream.close(), server.close()]) }
}

describe('pull requests of commits in Gitea', () => {
  it('are found on the first page in one request', async () => {
    const { ask, close } = await started(9)
    const { told, calls } = await ask('pullRequests', [9, 8, 109])
    expect(told).toMatchObject([9, 8, 9].map((number) => ({ pullRequests: [{ number }], gaps: [] })))
    expect(calls).toEqual(['/pulls?state=all&sort=recentupdate&limit=2&page=1'])
    await close()
  })

  it('are looked up by merge commit when they are older', async () => {
    const { ask, close } = await started(9)
    const { told, calls } = await ask('pullRequests', [101, 9])
    expect(told).toMatchObject([1, 9].map((number) => ({ pullRequests: [{ number }] })))
    expect(calls).toEqual(['/pulls?state=all&sort=recentupdate&limit=2&page=1', `/commits/${sha(101)}/pull`])
    await close()
  })

  it('are looked for on further pages when a commit is their head, until five were read', async () => {
    const { ask, close } = await started(30)
    const { told } = await ask('pullRequests', [27, 1])
    expect(told).toMatchObject([
      { pullRequests: [{ number: 27 }], gaps: [] },
      { pullRequests: [], gaps: [{ reason: 'TRUNCATED' }] },
    ])
    await close()
  })
})

describe('CI runs of commits in Gitea', () => {
  it('are asked for by commit when there is one', async () => {
    const { ask, close } = await started(9)
    const { told, calls } = await ask('runs', [3])
    expect(told).toMatchObject([{ runs: [{ run: '3' }], gaps: [] }])
    expect(calls).toEqual([`/actions/runs?head_sha=${sha(3)}&limit=2`])
    await close()
  })

  it('are listed for several, and asked for those that the list may not have whole', async () => {
    const { ask, close } = await started(9)
    const { told, calls } = await ask('runs', [9, 8, 3])
    expect(told).toMatchObject(['9', '8', '3'].map((run) => ({ runs: [{ run }], gaps: [] })))
    expect(calls).toEqual([
      '/actions/runs?limit=2',
      ...[8, 3].map((key) => `/actions/runs?head_sha=${sha(key)}&limit=2`),
    ])
    await close()
  })
})

describe('records of Gitea and Forgejo', () => {
  it.each([
    ['success', 'SUCCESS'],
    ['failure', 'FAILURE'],
    ['error', 'FAILURE'],
    ['pending', 'RUNNING'],
    ['warning', 'UNKNOWN'],
    ['nonsense', 'UNKNOWN'],
    ['constructor', 'UNKNOWN'],
    [null, 'UNKNOWN'],
  ])('the status %s is %s', (word, status) => {
    expect(statusOf(word)).toBe(status)
  })

  it('a run that has not started has no times', () => {
    const queued = {
      ...{
        id: 6,
        path: 'ci.yml@refs/heads/main',
        event: 'push',
        head_sha: 'A'.repeat(40),
        head_branch: 'main',
        status: 'queued',
      },
      ...{ started_at: '1970-01-01T00:00:00Z', completed_at: '1970-01-01T00:00:00Z', html_url: 'javascript:alert(1)' },
    }
    expect(runOf('acme/churn', run.parse(queued))).toEqual({
      ...{ repository: 'acme/churn', run: '6', name: 'ci.yml', status: 'QUEUED', event: 'push', branch: 'main' },
      ...{ actor: null, createdAt: null, startedAt: null, endedAt: null, sha: 'a'.repeat(40), webUrl: null },
    })
  })

  it('a run of Forgejo has other names', () => {
    const forgejo = {
      ...{
        id: 7,
        title: 'ci',
        workflow_id: 'ci.yml',
        event: 'push',
        prettyref: 'main',
        commit_sha: 'b'.repeat(40),
        status: 'success',
      },
      ...{
        created: '2026-04-01T10:00:00Z',
        started: '2026-04-01T10:01:00Z',
        stopped: '2026-04-01T10:05:00Z',
        duration: 240e9,
      },
      ...{ html_url: 'https://forge.example/acme/churn/actions/runs/7', trigger_user: { login: 'maker' } },
    }
    expect(runOf('acme/churn', run.parse(forgejo))).toMatchObject({
      ...{ name: 'ci.yml', status: 'SUCCESS', branch: 'main', actor: 'maker', sha: 'b'.repeat(40) },
      ...{
        createdAt: Date.UTC(2026, 3, 1, 10),
        startedAt: Date.UTC(2026, 3, 1, 10, 1),
        endedAt: Date.UTC(2026, 3, 1, 10, 5),
      },
    })
  })

  it('a job that is done says how, and a review that only asks for one says nothing', () => {
    const { jobs: read } = jobs.parse({ jobs: [{ name: 'x', status: 'completed', conclusion: 'skipped' }] })
    expect(read.map(jobOf)).toMatchObject([{ status: 'SKIPPED', startedAt: null }])
    const told = ['APPROVED', 'REQUEST_CHANGES', 'COMMENT', 'PENDING', 'REQUEST_REVIEW'].map((state) => ({
      user: null,
      state,
    }))
    expect(reviews.parse(told).map((one) => reviewOf(one)?.verdict)).toEqual([
      'APPROVED',
      'CHANGES_REQUESTED',
      undefined,
      undefined,
      undefined,
    ])
  })
})
