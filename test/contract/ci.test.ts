import { startGitea } from '#demo/gitea/index.ts'
import { startGithub } from '#demo/github/index.ts'
import { forge } from './ci-forge.ts'
import { describeCiPort } from './ci-suite.ts'

const web = { webUrl: 'https://forge.example', token: 'good-s3cret' }
const scans = [
  { name: 'trivy*', kind: 'container', tool: 'Trivy' },
  { name: 'gitleaks', kind: 'secret' },
]
const source = { hosts: ['forge.example'], auth: { bearer: 'good-s3cret' }, scans }

describeCiPort({
  name: 'GitHub',
  limits: { reviews: 'with pull requests' },
  // One GraphQL request for all of them.
  // Commits by one, and the code scanning of each of the two repositories.
  requests: 3,
  start: async () => {
    const { url, calls, close } = await startGithub({ ...web, data: forge() })
    const ours = { kind: 'github', url, ...source }
    return { source: ours, refused: { ...ours, auth: { bearer: 's3cret' } }, calls: () => calls.length, stop: close }
  },
})

describeCiPort({
  name: 'Gitea',
  limits: { reviews: 'by pull request', middleOfPull: 'unfound' },
  // For each repository its pull requests (2) and runs (of the one commit asked for by itself, 2); for each commit itself
  // and its status (12).
  requests: 16,
  start: async () => {
    const { url, calls, close } = await startGitea({ ...web, data: forge() })
    const ours = { kind: 'gitea', url, ...source }
    return { source: ours, refused: { ...ours, auth: { bearer: 's3cret' } }, calls: () => calls.length, stop: close }
  },
})
