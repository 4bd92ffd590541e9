import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { badInput, pageOf, sorted } from '#lib/page.ts'
import { missingFrom } from '#lib/reading.ts'
import { commitSha, type RepositoryAddress, repositoryAddress } from '#lib/repository-url.ts'
import { type CommitEntry, commitEntry, completeSha, nowhere } from '../commit.ts'
import { keyOf } from '../forge.ts'
import type { Forges, Place } from '../forges.ts'
import type { Lookups } from '../lookups.ts'
import { type PipelineRunEntry, pipelineRunEntry, runsNewestFirst } from '../pipeline-run.ts'
import type { Incomplete, PipelineRunFilter, QueryResolvers } from '../schema.generated.ts'

/** `Query`. `renamed`: former ids of sources and the present ones. */
export function queryResolvers(
  forges: Forges,
  lookups: Lookups,
  config: Config,
  renamed: ReadonlyMap<string, string>,
): QueryResolvers {
  return {
    commit: (_, { repositoryUrl, sha }, context) => findCommit(forges, addressOf(repositoryUrl), sha, context),
    pipelineRun: (_, { id }, context) => lookups.pipelineRun(id, context),
    pipelineRuns: async (_, { first, after, where }, context) => {
      const source = where?.source == null ? undefined : (renamed.get(where.source) ?? where.source)
      const { places, incomplete } = placesToList(forges, where ?? {}, source, context)
      const lists = await Promise.all(places.map((place) => listRuns(forges, place, where ?? {}, context)))
      const runs = sorted(
        lists.flatMap((list) => list.runs).filter((run) => matches(run, where ?? {})),
        runsNewestFirst,
      )
      const missing = [...incomplete, ...lists.flatMap((list) => list.incomplete)]
      return pageOf(runs, runsNewestFirst, { first, after }, config.gateway.limits.pageSize, missing)
    },
  }
}

function addressOf(repositoryUrl: string): RepositoryAddress {
  const address = repositoryAddress(repositoryUrl)
  if (!address)
    throw badInput('repositoryUrl: expected the address of a repository on a host, such as https://host/owner/name')
  return address
}

async function findCommit(
  forges: Forges,
  address: RepositoryAddress,
  text: string,
  context: RequestContext,
): Promise<CommitEntry> {
  const sha = commitSha(text)
  if (!sha) throw badInput('sha: expected 4 to 64 hexadecimal digits')
  if (sha.full) return commitEntry(address, sha.sha)
  const { full, failures, incomplete } = await completeSha(forges, address, sha.sha, context)
  if (full !== null) return commitEntry(address, full)
  const [failure] = failures
  if (failure) throw graphqlFailure(failure)
  throw badInput(`sha: ${incomplete.map(({ message }) => message).join(' ')}`)
}

/** The repositories whose runs are listed, and what cannot be. */
function placesToList(
  forges: Forges,
  { repositoryUrl }: PipelineRunFilter,
  source: string | undefined,
  context: RequestContext,
): { places: readonly Place[]; incomplete: readonly Incomplete[] } {
  const isMeant = (id: string | null | undefined) => source === undefined || id === source
  if (repositoryUrl != null) {
    const address = addressOf(repositoryUrl)
    const { seen, incomplete } = forges.placesOf(address, context)
    const places = seen.filter(({ forge }) => isMeant(forge.id))
    const hidden = incomplete.filter((one) => isMeant(one.source))
    return { places, incomplete: places.length + hidden.length === 0 ? [nowhere(address)] : hidden }
  }
  const { seen, incomplete } = forges.all(context)
  const meant = seen.filter(({ id }) => isMeant(id))
  const none = seen.length + incomplete.length === 0 ? [NONE] : []
  const unlisted = meant
    .filter(({ connected }) => connected.port.places.listed.length === 0)
    .map(({ id }) => listNothing(id))
  return {
    places: meant.flatMap((forge) => forge.connected.port.places.listed.map((repository) => ({ forge, repository }))),
    incomplete: [...none, ...incomplete.filter((one) => isMeant(one.source)), ...unlisted],
  }
}

async function listRuns(
  forges: Forges,
  { forge, repository }: Place,
  { sha, repositoryUrl }: PipelineRunFilter,
  context: RequestContext,
) {
  const loaders = forges.loaders(forge, context)
  const commit = sha == null || repositoryUrl == null ? undefined : commitSha(sha)
  const reading = commit?.full
    ? await loaders.part({ repository, sha: commit.sha }, 'runs')
    : await loaders.latestRuns.load(keyOf(repository))
  const { runs = [], gaps = [] } = reading.value ?? {}
  const incomplete: Incomplete[] = [
    ...missingFrom(reading, `the CI runs of ${repository}`),
    ...(reading.value === null ? [unknown(forge.id, repository)] : []),
    ...gaps.map(({ reason, message }) => ({
      source: forge.id,
      reason,
      message: `"${forge.id}" ${message}`,
      count: null,
    })),
  ]
  return { runs: runs.map((run) => pipelineRunEntry(forge, run, reading)), incomplete }
}

function matches({ record }: PipelineRunEntry, { sha, status, startedAfter }: PipelineRunFilter): boolean {
  return (
    (sha == null || record.sha === sha.toLowerCase()) &&
    (status == null || record.status === status) &&
    (startedAfter == null || (record.startedAt !== null && record.startedAt > Date.parse(startedAfter)))
  )
}

const NONE: Incomplete = {
  source: null,
  reason: 'NOT_CONFIGURED',
  message: 'No forge or CI server is configured, so nothing is known of CI runs: add one under sources.',
  count: null,
}

function listNothing(source: string): Incomplete {
  const message = `Which repositories of "${source}" to list the CI runs of is not said: ask with where.repositoryUrl, or list them under its repositories.`
  return { source, reason: 'NOT_CONFIGURED', message, count: null }
}

function unknown(source: string, repository: string): Incomplete {
  const message = `"${source}" has no CI runs of ${repository} to tell: the repository or its Actions are not there, or not shown to the gateway's account.`
  return { source, reason: 'UNMATCHED', message, count: null }
}
