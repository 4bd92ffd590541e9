import type { ForgeData, RunSpec } from '#demo/forge/spec.ts'

const sha = (digit: string) => digit.repeat(40)
const at = (day: number, hour: number, minute = 0) => Date.UTC(2026, 3, day, hour, minute)
const maker = { login: 'maker', name: 'The maker' }

const run = (id: number, of: string, more: Partial<RunSpec>): RunSpec => ({
  ...{ id, workflow: { name: 'ci', file: 'ci.yml' }, title: 'ci', event: 'push', branch: 'main', sha: sha(of) },
  ...{ actor: 'merger', createdAt: at(1, id), startedAt: at(1, id, 1), ...more },
})

/** What the forges of the contract hold. Commits are named by their digit. */
export function forge(): ForgeData {
  return {
    repositories: [
      {
        ...{ path: 'Acme/Churn', isProtected: true },
        commits: [
          { sha: sha('f'), message: 'Try seasons', author: maker, at: at(1, 8) },
          { sha: sha('a'), message: 'Weigh seasons', author: maker, at: at(1, 9) },
          { sha: sha('b'), message: 'Merge #1', author: { login: 'merger' }, at: at(2, 12) },
          { sha: sha('d'), message: 'Weigh days', author: maker, at: at(3, 9), onDefaultBranch: false },
          { sha: sha('e'), message: 'Weigh hours', author: maker, at: at(3, 10), onDefaultBranch: false },
          { sha: `5555${'1'.repeat(36)}`, message: 'One', author: maker, at: at(3, 11), onDefaultBranch: false },
          { sha: `5555${'2'.repeat(36)}`, message: 'Other', author: maker, at: at(3, 12), onDefaultBranch: false },
          // Pushed without a pull request.
          { sha: sha('c'), message: 'Hot fix', author: maker, at: at(4, 9) },
        ],
        pulls: [
          {
            ...{ number: 1, title: 'Seasons "quoted" & <é>', author: 'maker', branch: 'seasons', head: sha('a') },
            ...{ createdAt: at(1, 10), commits: [sha('f')], merged: { at: at(2, 12), by: 'merger', commit: sha('b') } },
            reviews: [
              { by: 'checker', verdict: 'CHANGES_REQUESTED', at: at(1, 11), sha: sha('f') },
              { by: 'talker', verdict: 'COMMENTED', at: at(1, 12), sha: sha('f') },
              { by: 'checker', verdict: 'APPROVED', at: at(2, 11), sha: sha('a') },
              { by: 'other', verdict: 'APPROVED', at: at(2, 11), sha: sha('a'), dismissed: true },
            ],
          },
          { number: 2, title: 'Days', author: 'maker', branch: 'days', head: sha('d'), createdAt: at(3, 10) },
          {
            number: 3,
            title: 'Hours',
            author: 'maker',
            branch: 'hours',
            head: sha('e'),
            createdAt: at(3, 11),
            closed: true,
          },
        ],
        runs: [
          run(11, 'a', {
            branch: 'seasons',
            createdAt: at(1, 9),
            endedAt: at(1, 10),
            conclusion: 'failure',
            jobs: [{ id: 110, name: 'test', startedAt: at(1, 9, 2), endedAt: at(1, 9, 58), conclusion: 'failure' }],
          }),
          run(12, 'b', {
            ...{ createdAt: at(2, 12), startedAt: at(2, 12, 1), endedAt: at(2, 13), conclusion: 'success' },
            jobs: [{ id: 120, name: 'train', startedAt: at(2, 12, 2), endedAt: at(2, 12, 58), conclusion: 'success' }],
          }),
          run(13, 'd', { branch: 'days', createdAt: at(3, 9), endedAt: at(3, 10), conclusion: 'cancelled' }),
          run(14, 'e', { branch: 'hours', createdAt: at(3, 10), startedAt: at(3, 10) }),
          (({ startedAt: _, ...queued }) => queued)(run(15, 'e', { branch: 'hours', createdAt: at(3, 11) })),
        ],
        statuses: [
          { sha: sha('a'), context: 'ci / test', state: 'failure' },
          { sha: sha('b'), context: 'ci / train', state: 'success' },
          {
            ...{ sha: sha('d'), context: 'trivy / image', state: 'failure', description: '2 critical, high: 1' },
            ...{ targetUrl: 'https://scans.example/1', at: at(3, 10) },
          },
          { sha: sha('d'), context: 'Gitleaks', state: 'success', at: at(3, 10) },
          { sha: sha('d'), context: 'not trivy', state: 'success' },
        ],
      },
      {
        ...{ path: 'acme/__proto__' },
        commits: [{ sha: sha('9'), message: '__proto__', author: { login: 'constructor' }, at: at(1, 1) }],
      },
    ],
  }
}
