import { describe } from 'vitest'
import { startGitea } from '#demo/gitea/index.ts'
import { after, before } from './acme.ts'
import { replayAll } from './recordings.ts'

const FIXTURES = new URL('../../../demo/gitea/fixtures/gitea-1.26.0/', import.meta.url)
const gitea = { webUrl: 'http://upstream.test', token: 'good' }

describe('Gitea stand-in', () => {
  replayAll(FIXTURES, [
    {
      stage: 'a pull request is open',
      start: () => startGitea({ ...gitea, data: before }),
      replays: [
        '01-version',
        '02-repo',
        '03-pull-open',
        '04-pull-reviews',
        '05-commit-pull-before-merge',
        '06-combined-status',
        '08-actions-runs-by-head-sha',
        '09-actions-run-failed',
        '10-actions-run-jobs',
        '12-actions-runs-paged',
        '16-branch',
        '17-git-commit',
        '26-no-token-private-repo',
        '28-unknown-commit',
        '29-unknown-run',
        '31-runs-short-sha',
        '32-runs-bad-status-filter',
        '37-settings-api',
        '38-combined-status-none',
      ],
    },
    {
      stage: 'it was merged',
      start: () => startGitea({ ...gitea, data: after }),
      replays: [
        '20-pull-merged',
        '21-commit-pull-of-merge-commit',
        '22-commit-pull-of-head-after-merge',
        '23-commit-pull-none',
        '24-runs-queued-after-merge',
        '25-compare',
        '34-pulls-list',
      ],
    },
    {
      stage: 'it is asked with another token',
      start: () => startGitea({ ...gitea, data: before }),
      authorization: 'token bad',
      replays: ['27-bad-token'],
    },
  ])
})
