import { z } from 'zod'
import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { createPlaces, forgeOptions, repositoryPath } from '../places.ts'
import type { CiPort, PullRequestKey, RunKey } from '../port.ts'
import { each } from '../reading.ts'
import { createScanPicker } from '../scans.ts'
import { createVerifier } from '../webhook.ts'
import { createApi } from './api.ts'
import { createCommits } from './commits.ts'
import { jobOf, pullRequestOf, reviewOf, runOf } from './records.ts'
import * as wire from './wire.ts'

const options = z.object(forgeOptions).meta({ role: 'forge', description: 'Gitea or Forgejo, with their Actions.' })

/** Pages of reviews that are read of one pull request. */
const MAX_REVIEW_PAGES = 4

/** Gitea 1.26 and tools that answer like it. */
export const gitea = defineAdapter<CiPort, typeof options>({ kind: 'gitea', options, create })

/** Gitea's webhooks. */
const SIGNING = { tool: 'Gitea', header: 'x-gitea-signature', prefix: '' } as const

function create({ source, upstream, state }: AdapterContext<typeof options>): CiPort {
  const api = createApi(upstream, source.id)
  const places = createPlaces(source.url, source)
  const pullPath = ({ repository, number }: PullRequestKey) => `/repos/${repositoryPath(repository)}/pulls/${number}`
  const runPath = ({ repository, run }: RunKey) =>
    `/repos/${repositoryPath(repository)}/actions/runs/${encodeURIComponent(run)}`

  async function readReviews(key: PullRequestKey, call: UpstreamCall) {
    const limit = await api.pageSize(call)
    const read: z.output<typeof wire.reviews> = []
    for (let page = 1; page <= MAX_REVIEW_PAGES; page++) {
      const reviews = await api.ask(`${pullPath(key)}/reviews`, wire.reviews, call, { limit, page })
      if (reviews === null) return null
      read.push(...reviews)
      if (reviews.length < limit) return { reviews: read.flatMap((one) => reviewOf(one) ?? []), truncated: false }
    }
    return { reviews: read.flatMap((one) => reviewOf(one) ?? []), truncated: true }
  }

  async function latestRuns(repository: string, call: UpstreamCall) {
    const limit = await api.pageSize(call)
    const path = `/repos/${repositoryPath(repository)}/actions/runs`
    const found = await api.ask(path, wire.runs, call, { limit })
    if (found === null) return null
    const runs = found.workflow_runs.map((run) => runOf(repository, run))
    const message = `has more CI runs of ${repository} than the latest ${limit}, which are here.`
    return { runs, gaps: runs.length < limit ? [] : [{ reason: 'TRUNCATED' as const, message }] }
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const { version } = (await api.ask('/version', wire.version, call)) ?? { version: null }
    state.version = version ?? undefined
    const unseen = await each(places.listed, async (repository) => {
      const found = await api.ask(`/repos/${repositoryPath(repository)}`, wire.repository, call)
      return found ? [] : [`repository ${repository}: it is not there, or not shown to this account`]
    })
    const cannot = unseen.flatMap((one) => (one instanceof Error ? one.message : one))
    return {
      version,
      can: ['commits', 'pull requests', 'reviews', 'CI runs', 'jobs', 'commit status', 'branch protection'],
      cannot: [
        ...cannot,
        ...(source.scans.length === 0 ? ['scans: name those among the commit statuses under scans'] : []),
        'pull requests of a commit that is neither their head nor their merge',
      ],
    }
  }

  return {
    ...{ places, probe },
    received: source.webhookSecret && createVerifier(source.webhookSecret, SIGNING),
    commits: createCommits(api, source.url, createScanPicker(source.scans)),
    shasAtOnce: 1,
    fullShas: (keys, call) =>
      each(keys, async ({ repository, sha }) => {
        const path = `/repos/${repositoryPath(repository)}/git/commits/${sha}`
        const commit = await api.ask(path, wire.commit, call, { stat: 'false', files: 'false', verification: 'false' })
        // A branch may have a name of hexadecimal digits.
        return commit?.sha.startsWith(sha) ? commit.sha : null
      }),
    pullRequests: (keys, call) =>
      each(keys, async (key) => {
        const pull = await api.ask(pullPath(key), wire.pull, call)
        return pull && { mergedBy: null, ...pullRequestOf(key.repository, pull) }
      }),
    reviews: (keys, call) => each(keys, (key) => readReviews(key, call)),
    runs: (keys, call) =>
      each(keys, async (key) => {
        const run = await api.ask(runPath(key), wire.run, call)
        return run && runOf(key.repository, run)
      }),
    jobs: (keys, call) =>
      each(keys, async (key) => {
        const found = await api.ask(`${runPath(key)}/jobs`, wire.jobs, call, { limit: await api.pageSize(call) })
        return found?.jobs.map(jobOf) ?? null
      }),
    latestRuns: (repositories, call) => each(repositories, (repository) => latestRuns(repository, call)),
    runAt: (path) => {
      const [, repository, run] = /^\/?(?:.*\/)?([^/]+\/[^/]+)\/actions\/runs\/(\d+)$/.exec(path) ?? []
      return repository === undefined || run === undefined ? undefined : { repository, run }
    },
  }
}
