import type { ForgeData, RunSpec } from '#demo/forge/spec.ts'

/** What the recorded answers tell of: composed from GitHub's own examples, so they do not fit each other in all. */
const HEAD = '1ace2310c0eb6a0a59f69e8e92a2051bd20e7eab'
const at = (text: string) => Date.parse(text)

/** As the GraphQL answer has it. */
export const graphql: ForgeData = {
  repositories: [
    {
      path: 'acme/churn',
      commits: [
        {
          sha: HEAD,
          message: 'feat: new feature',
          author: { login: 'alice', name: 'Alice' },
          at: at('2026-11-24T02:51:08Z'),
        },
      ],
      pulls: [
        {
          ...{ number: 1, title: 'New feature', author: 'alice', branch: 'feature/new-feature', head: HEAD },
          createdAt: at('2026-11-24T02:51:10Z'),
          merged: { at: at('2026-11-24T02:52:20Z'), by: 'alice', commit: '58ad751ebb31702ccf841ab5aa86840972a133a9' },
          reviews: [{ by: 'bob', verdict: 'APPROVED', at: at('2026-11-24T02:51:30Z'), sha: HEAD }],
        },
      ],
      runs: [
        {
          ...{ id: 30433642, number: 562, workflow: { name: 'ci', file: 'ci.yml' }, title: 'feat: new feature' },
          ...{ event: 'pull_request', branch: 'feature/new-feature', sha: HEAD, actor: 'alice' },
          ...{ createdAt: at('2026-11-24T02:51:10Z'), startedAt: at('2026-11-24T02:51:14Z') },
          jobs: [
            {
              ...{ id: 4, name: 'test', startedAt: at('2026-11-24T02:51:14Z'), endedAt: at('2026-11-24T02:51:16Z') },
              conclusion: 'success',
            },
            { id: 5, name: 'train', startedAt: at('2026-11-24T02:51:17Z') },
          ],
        },
      ],
      statuses: [
        {
          ...{ sha: HEAD, context: 'quality/gate', state: 'success', targetUrl: 'https://ci.example.test/1' },
          at: at('2026-11-24T02:51:09Z'),
        },
      ],
    },
  ],
}

const run: RunSpec = {
  ...{ id: 30433642, number: 562, workflow: { name: 'Build', file: 'build.yml' }, title: 'Update README.md' },
  ...{ event: 'push', branch: 'feature/new-feature', sha: HEAD, actor: 'octocat', conclusion: 'failure' },
  ...{ createdAt: at('2020-01-22T19:33:08Z'), startedAt: at('2020-01-22T19:33:08Z') },
  jobs: [
    {
      ...{ id: 399444496, name: 'build', startedAt: at('2020-01-20T17:42:40Z'), endedAt: at('2020-01-20T17:44:39Z') },
      conclusion: 'success',
    },
  ],
}

/** As the REST answers have it. */
export const rest: ForgeData = { repositories: [{ path: 'acme/churn', commits: [], runs: [run] }] }
