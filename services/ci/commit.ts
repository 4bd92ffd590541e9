import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { missingFrom } from '#lib/reading.ts'
import { commitSha, type RepositoryAddress, repositoryAddress } from '#lib/repository-url.ts'
import type { Reading } from '#lib/snapshot.ts'
import type { UpstreamError } from '#lib/upstream/error.ts'
import { keyOf } from './forge.ts'
import type { Forges, Place } from './forges.ts'
import type { CommitPart, CommitParts } from './port.ts'

/** A commit as resolvers are handed it: what it is called; what is known of it is read when asked for. */
export interface CommitEntry {
  readonly id: string
  readonly address: RepositoryAddress
  readonly repositoryUrl: string
  /** Full. */
  readonly sha: string
  /** SHAs with which it begins that runs recorded without a repository, as the models subgraph hands them over. */
  readonly recordedShas?: readonly string[] | null
}

export function commitEntry(address: RepositoryAddress, sha: string): CommitEntry {
  return { id: makeId('Commit', address.url, sha), address, repositoryUrl: address.url, sha }
}

/** The commit of an id; undefined: it is the id of none, since one commit has one id only. */
export function commitOfId(id: string): CommitEntry | undefined {
  const parsed = parseId(id)
  const [url = '', sha = ''] = parsed?.type === 'Commit' ? parsed.parts : []
  const address = repositoryAddress(url)
  return address && commitSha(sha)?.full && makeId('Commit', address.url, sha.toLowerCase()) === id
    ? commitEntry(address, sha)
    : undefined
}

/** What one source told of a commit. */
export interface Told<T> {
  readonly place: Place
  readonly value: T
  readonly reading: Reading<T | null>
}

/** What sources told, and what is missing because others did not. */
export interface Gathered<T> {
  readonly told: readonly Told<T>[]
  readonly incomplete: readonly Incomplete[]
}

/** A part of a commit, from every source that has its repository. `what` is missing otherwise, in words. */
export async function gather<P extends CommitPart>(
  forges: Forges,
  { address, sha }: CommitEntry,
  part: P,
  what: string,
  context: RequestContext,
): Promise<Gathered<CommitParts[P]>> {
  const { seen, incomplete } = forges.placesOf(address, context)
  const read = await Promise.all(
    seen.map(async (place) => {
      const reading = await forges.loaders(place.forge, context).part({ repository: place.repository, sha }, part)
      return { place, reading }
    }),
  )
  const told = read.flatMap(({ place, reading }) => (reading.value ? [{ place, value: reading.value, reading }] : []))
  const failed = read.flatMap(({ reading }) => missingFrom(reading, what))
  const unknown = read.filter(({ reading }) => reading.value === null).map(({ place }) => unmatched(place, sha))
  const nobody = seen.length + incomplete.length === 0 ? [nowhere(address)] : []
  return { told, incomplete: [...nobody, ...incomplete, ...failed, ...(told.length > 0 ? [] : unknown)] }
}

/** What the beginning of a SHA leads to. */
export interface Completed {
  /** null: to no commit that is known, or to none for sure. */
  readonly full: string | null
  /** Ids of the sources that know it. */
  readonly knownBy: readonly string[]
  /** Sources that could not be asked. */
  readonly failures: readonly UpstreamError[]
  /** Why it leads nowhere; empty where it leads to a commit. */
  readonly incomplete: readonly Incomplete[]
}

/** Looks the beginning of a SHA up at every source that has the repository. */
export async function completeSha(
  forges: Forges,
  address: RepositoryAddress,
  short: string,
  context: RequestContext,
): Promise<Completed> {
  const { seen, incomplete } = forges.placesOf(address, context)
  const readings = await Promise.all(
    seen.map(({ forge, repository }) => forges.loaders(forge, context).fullShas.load(keyOf(repository, short))),
  )
  const known = [...new Set(readings.flatMap(({ value }) => value ?? []))]
  const [full] = known
  if (full !== undefined && known.length === 1) {
    const knownBy = seen.filter((_, i) => readings[i]?.value === full).map(({ forge }) => forge.id)
    return { full, knownBy, failures: [], incomplete: [] }
  }
  const nobody = seen.length + incomplete.length === 0 ? [nowhere(address)] : []
  const failed = readings.flatMap((reading) => missingFrom(reading, `the commit that begins with ${short}`))
  const missing = [...nobody, ...incomplete, ...failed]
  const message = `${short} is the beginning of ${full === undefined ? 'no commit' : 'several commits'} of ${address.url}${full === undefined ? ', or of several' : ''}: let the full SHA be recorded.`
  const unsure: Incomplete = { source: null, reason: 'UNMATCHED', message, count: 1 }
  const failures = readings.flatMap(({ value, failure }) => (value === undefined && failure ? [failure] : []))
  return { full: null, knownBy: [], failures, incomplete: missing.length > 0 ? missing : [unsure] }
}

/** No configured source has a repository. */
export function nowhere({ url, host }: RepositoryAddress): Incomplete {
  const message = `No configured source has ${url}: add the forge under sources, ${host} to its hosts, or the repository to its repositories.`
  return { source: null, reason: 'NOT_CONFIGURED', message, count: null }
}

function unmatched({ forge, repository }: Place, sha: string): Incomplete {
  const message = `"${forge.id}" has no commit ${sha} in ${repository}, or does not show it to the gateway's account.`
  return { source: forge.id, reason: 'UNMATCHED', message, count: 1 }
}
