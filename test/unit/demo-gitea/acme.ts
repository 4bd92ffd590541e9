import type { CommitSpec, ForgeData, PullSpec, RunSpec } from '#demo/forge/spec.ts'

/** What the recorded servers held: one repository, one pull request, two workflows. */
const FIRST = '7d3508e0f13740f15ac301e160de743c42c3c5dc'
const HEAD = '1ace2310c0eb6a0a59f69e8e92a2051bd20e7eab'
const MERGE = '58ad751ebb31702ccf841ab5aa86840972a133a9'
const BROKEN = '6a60294c6e5e780e0c38026e6e16f65f30b7bc47'

const at = (clock: string) => Date.parse(`2026-11-24T${clock}Z`)
const alice = { login: 'alice', name: 'Alice' }

const commits: CommitSpec[] = [
  { sha: FIRST, message: 'first', author: alice, at: at('02:51:08') },
  { sha: HEAD, message: 'feat: new feature', author: alice, at: at('02:51:09'), onDefaultBranch: false },
  { sha: BROKEN, message: 'break lint', author: alice, at: at('02:51:10'), onDefaultBranch: false },
]
const merge: CommitSpec = {
  ...{ sha: MERGE, author: { login: 'alice' }, at: at('02:52:20') },
  message: "Merge pull request 'New feature' (#1) from feature/new-feature into main",
}

const pull: PullSpec = {
  ...{ number: 1, title: 'New feature', author: 'alice', createdAt: at('02:51:10'), updatedAt: at('02:51:10') },
  ...{ branch: 'feature/new-feature', head: HEAD },
  reviews: [{ by: 'bob', verdict: 'APPROVED', at: at('02:51:10'), sha: HEAD }],
}

const ci = { name: 'ci', file: 'ci.yml' }
const run = (id: number, more: Partial<RunSpec>): RunSpec => ({
  ...{ id, workflow: ci, title: 'feat: new feature', event: 'push', branch: 'feature/new-feature', sha: HEAD },
  ...{ actor: 'alice', createdAt: at('02:51:10'), conclusion: 'success', ...more },
})
const runs: RunSpec[] = [
  run(1, { branch: 'main', sha: FIRST, title: 'first', startedAt: at('02:51:09'), endedAt: at('02:51:10') }),
  run(2, { startedAt: at('02:51:12'), endedAt: at('02:51:19') }),
  run(3, { branch: 'broken', sha: BROKEN, title: 'break lint', startedAt: at('02:51:13'), endedAt: at('02:51:21') }),
  run(4, {
    ...{ event: 'pull_request', branch: null, pull: 1, startedAt: at('02:51:14'), endedAt: at('02:51:22') },
    jobs: [
      { id: 7, name: 'test', startedAt: at('02:51:14'), endedAt: at('02:51:16'), conclusion: 'success' },
      { id: 8, name: 'train', startedAt: at('02:51:21'), endedAt: at('02:51:22'), conclusion: 'success' },
    ],
  }),
  run(5, {
    ...{ workflow: { name: 'lint', file: 'lint.yml' }, branch: 'broken', sha: BROKEN, title: 'break lint' },
    ...{ startedAt: at('02:51:16'), endedAt: at('02:51:17'), conclusion: 'failure' },
  }),
]
const { conclusion: _, ...queued } = run(6, {
  branch: 'main',
  sha: MERGE,
  title: merge.message,
  createdAt: at('02:52:20'),
})

const statuses = [
  { context: 'quality/gate', targetUrl: 'https://ci.example.test/1', description: 'AUC 0.91', seconds: 10 },
  ...[
    { context: 'ci / test (push)', run: 2, job: 3, took: 1, seconds: 13 },
    { context: 'ci / test (pull_request)', run: 4, job: 7, took: 2, seconds: 16 },
    { context: 'ci / train (push)', run: 2, job: 4, took: 1, seconds: 19 },
    { context: 'ci / train (pull_request)', run: 4, job: 8, took: 1, seconds: 22 },
  ].map(({ context, run, job, took, seconds }) => ({
    ...{ context, seconds, description: `Successful in ${took}s` },
    targetUrl: `/acme/churn/actions/runs/${run}/jobs/${job}`,
  })),
].map(({ seconds, ...status }) => ({
  ...{ ...status, sha: HEAD, state: 'success' },
  at: Date.UTC(2026, 10, 24, 2, 51, seconds),
}))

const repository = { path: 'acme/churn', isProtected: true, commits, runs, statuses }

/** While the pull request was open. */
export const before: ForgeData = { repositories: [{ ...repository, pulls: [pull] }] }

/** After it was merged. */
export const after: ForgeData = {
  repositories: [
    {
      ...repository,
      commits: [...commits.map((one) => (one.sha === HEAD ? { ...one, onDefaultBranch: true } : one)), merge],
      pulls: [{ ...pull, updatedAt: at('02:52:20'), merged: { at: at('02:52:20'), by: 'alice', commit: MERGE } }],
      runs: [...runs, queued],
    },
  ],
}
