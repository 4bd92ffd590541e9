import { z } from 'zod'
import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { createPlaces, forgeOptions, repositoryPath } from '../places.ts'
import type { CiPort, PullRequestKey, RunKey } from '../port.ts'
import { each } from '../reading.ts'
import { createScanPicker } from '../scans.ts'
import { createVerifier } from '../webhook.ts'
import { addressesOf } from './addresses.ts'
import { BATCH, createApi, whole } from './api.ts'
import { createCommits } from './commits.ts'
import { type Fragment, type Item, ownerAndName } from './documents.ts'
import { jobOf, pullRequestOf, reviewsOf, runOf, scanners } from './records.ts'
import * as wire from './wire.ts'

const options = z
  .object(forgeOptions)
  .meta({ role: 'forge', description: 'GitHub, with Actions: github.com, GHE.com or a GitHub Enterprise Server.' })

/** Items that a page of REST has at most. */
const PAGE = 100

/** GitHub by GraphQL where that batches, by REST for single runs, their jobs and branches. */
export const github = defineAdapter<CiPort, typeof options>({ kind: 'github', options, create })

/** GitHub's webhooks. */
const SIGNING = { tool: 'GitHub', header: 'x-hub-signature-256', prefix: 'sha256=' } as const

function create({ source, upstream, state }: AdapterContext<typeof options>): CiPort {
  const addresses = addressesOf(source.id, source.url)
  const api = createApi(addresses, { upstream, source: source.id, state })
  const places = createPlaces(addresses.web, source)
  const pull = ({ repository, number }: PullRequestKey, fragment: Fragment): Item => ({
    ...ownerAndName(repository),
    ...{ lookup: 'pullRequest', value: number, fragments: [fragment] },
  })
  const runPath = ({ repository, run }: RunKey) =>
    `/repos/${repositoryPath(repository)}/actions/runs/${encodeURIComponent(run)}`

  async function latestRuns(repository: string, call: UpstreamCall) {
    const path = `/repos/${repositoryPath(repository)}/actions/runs`
    const found = await api.rest(path, wire.runs, call, { per_page: PAGE, exclude_pull_requests: 'true' })
    if (found === null) return null
    const runs = found.workflow_runs.map((run) => runOf(repository, run))
    const message = `has more CI runs of ${repository} than the latest ${PAGE}, which are here.`
    return { runs, gaps: runs.length < PAGE ? [] : [{ reason: 'TRUNCATED' as const, message }] }
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const meta = await api.rest('/meta', wire.meta, call)
    const version = meta?.installed_version ?? null
    state.version = version ?? undefined
    const repositories = places.listed.map((repository) => ({ repository, sha: 'HEAD' }))
    const found = await api.objects(repositories.map(revision), wire.commit, call)
    const cannot = repositories.flatMap(({ repository }, i) => {
      const one = whole(found[i])
      if (one instanceof Error) return one.message
      return one ? [] : [`repository ${repository}: it is not there, is empty, or is not shown to this account`]
    })
    const can = [
      'commits',
      'pull requests',
      'reviews',
      'CI runs',
      'jobs',
      'checks',
      'scans among them',
      'branch protection',
    ]
    return { version, can, cannot }
  }

  return {
    ...{ places, probe },
    received: source.webhookSecret && createVerifier(source.webhookSecret, SIGNING),
    commits: createCommits(api, createScanPicker(source.scans, scanners)),
    shasAtOnce: BATCH,
    fullShas: async (keys, call) => {
      const found = await api.objects(keys.map(revision), wire.commit, call)
      return keys.map(({ sha }, i) => {
        const one = whole(found[i])
        if (one === null || one instanceof Error) return one
        // A branch may have a name of hexadecimal digits.
        return one.oid?.startsWith(sha) ? one.oid : null
      })
    },
    pullRequests: async (keys, call) => {
      const found = await api.objects(
        keys.map((key) => pull(key, 'PullRequest')),
        wire.pullRequest,
        call,
      )
      return keys.map(({ repository }, i) => {
        const one = whole(found[i])
        return one === null || one instanceof Error ? one : pullRequestOf(repository, one)
      })
    },
    reviews: async (keys, call) => {
      const found = await api.objects(
        keys.map((key) => pull(key, 'Reviews')),
        wire.reviewsOnly,
        call,
      )
      return found.map((answer) => {
        const one = whole(answer)
        if (one === null || one instanceof Error) return one
        return one.reviews ? reviewsOf(one.reviews) : null
      })
    },
    runs: (keys, call) =>
      each(keys, async (key) => {
        const run = await api.rest(runPath(key), wire.run, call, { exclude_pull_requests: 'true' })
        return run && runOf(key.repository, run)
      }),
    jobs: (keys, call) =>
      each(keys, async (key) => {
        const found = await api.rest(`${runPath(key)}/jobs`, wire.jobs, call, { filter: 'latest', per_page: PAGE })
        return found?.jobs.map(jobOf) ?? null
      }),
    latestRuns: (repositories, call) => each(repositories, (repository) => latestRuns(repository, call)),
    runAt: (path) => {
      const [, repository, run] = /^\/?([^/]+\/[^/]+)\/actions\/runs\/(\d+)$/.exec(path) ?? []
      return repository === undefined || run === undefined ? undefined : { repository, run }
    },
  }
}

function revision({ repository, sha }: { repository: string; sha: string }): Item {
  return { ...ownerAndName(repository), lookup: 'revision', value: sha, fragments: ['Identity'] }
}
