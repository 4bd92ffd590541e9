import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { trust } from '#lib/matching.ts'
import { perRequest } from '#lib/per-request.ts'
import { missingFrom } from '#lib/reading.ts'
import { repositoryAddress } from '#lib/repository-url.ts'
import { type CommitEntry, commitEntry } from './commit.ts'
import { keyOf } from './forge.ts'
import type { Forges, Place } from './forges.ts'

/** Repositories in which one commit is looked for: Gitea is asked once for each. */
const MAX_REPOSITORIES = 20

/**
 * Requests that looking for commits may cost one request, be it of a client or, where this subgraph is a server of its own,
 * of the gateway; what is known from before costs nothing.
 */
const MAX_REQUESTS = 100

/** Where a commit is, on what evidence; or why that cannot be told. */
interface Found {
  readonly to: { readonly entry: CommitEntry; readonly link: Link } | null
  readonly incomplete: readonly Incomplete[]
}

/**
 * Looks for a commit of which nothing but the SHA is known, in the repositories that the forges list. Only one that is in
 * exactly one of them, and in none that could not be asked, is known: forks have the same commits.
 */
export function findCommit(forges: Forges, sha: string, context: RequestContext): Promise<Found> {
  const { found } = searchOf(context)
  const known = found.get(sha) ?? search(forges, sha, context)
  found.set(sha, known)
  return known
}

/**
 * Which of the SHAs that runs recorded without a repository are of a commit, as `findCommit` finds it from the other end,
 * and why it cannot be told of others.
 */
export async function ownShas(forges: Forges, commit: string, shas: readonly string[], context: RequestContext) {
  const found = await Promise.all(shas.map((sha) => findCommit(forges, sha, context)))
  return {
    shas: shas.filter((_, i) => found[i]?.to?.entry.id === commit),
    incomplete: found.flatMap(({ to, incomplete }) => (to === null ? incomplete : [])),
  }
}

/** What one request looks for, and what that may still cost. */
const searchOf = perRequest(() => ({ found: new Map<string, Promise<Found>>(), left: MAX_REQUESTS }))

/** Whether looking in places costs no more than what is left of the request's share, which is then spent. */
function affords(places: readonly Place[], sha: string, context: RequestContext): boolean {
  const budget = searchOf(context)
  const cost = places
    .filter(({ forge, repository }) => !forge.held.fullShas.holds(keyOf(repository, sha)))
    .reduce((sum, { forge }) => sum + 1 / forge.connected.port.shasAtOnce, 0)
  // Fractions do not add up exactly.
  if (cost > budget.left + 1e-6) return false
  budget.left -= cost
  return true
}

async function search(forges: Forges, sha: string, context: RequestContext): Promise<Found> {
  const { seen, incomplete: hidden } = forges.all(context)
  const listed = seen.flatMap((forge) =>
    forge.connected.port.places.listed.map((repository) => ({ forge, repository })),
  )
  const asked = listed.slice(0, MAX_REPOSITORIES)
  if (!affords(asked, sha, context)) return { to: null, incomplete: [...hidden, tooMany(sha)] }
  const readings = await Promise.all(
    asked.map(({ forge, repository }) => forges.loaders(forge, context).fullShas.load(keyOf(repository, sha))),
  )
  const entries = asked.flatMap(({ forge, repository }, i) => {
    const full = readings[i]?.value
    const address = full ? repositoryAddress(forge.connected.port.places.addressOf(repository)) : undefined
    return full && address ? [commitEntry(address, full)] : []
  })
  // One repository can be known to several sources.
  const found = [...new Map(entries.map((entry) => [entry.id, entry])).values()]
  const failed = readings.flatMap((reading) => missingFrom(reading, `the repository of commit ${sha}`))
  const unasked = [...hidden, ...failed, ...(listed.length > asked.length ? [beyond(listed.length)] : [])]
  const incomplete = [...new Map(unasked.map((one) => [JSON.stringify(one), one])).values()]
  const [entry] = found
  const recorded = `the run recorded commit ${sha} and no repository`
  if (entry && found.length === 1) {
    const method = incomplete.length === 0 ? 'MATCHED' : 'GUESSED'
    const others = `of the ${asked.length} repositories that the configured forges list,`
    const unsure = incomplete.length === 0 ? '' : '; some could not be asked'
    const evidence = `${recorded}; ${others} only ${entry.repositoryUrl} has it${unsure}`
    return { to: { entry, link: { method, confidence: trust[method], evidence } }, incomplete }
  }
  if (entry) {
    const places = found.map(({ repositoryUrl }) => repositoryUrl).join(' and ')
    return lost(`${recorded}; ${places} have it, so it cannot be told which is meant: state it under code.`, incomplete)
  }
  if (incomplete.length > 0) return { to: null, incomplete }
  return lost(
    asked.length === 0
      ? `${recorded}: state the repository under code, or list those of a forge under its repositories.`
      : `${recorded}; none of the ${asked.length} repositories that the configured forges list has it.`,
    [],
  )
}

function lost(message: string, incomplete: readonly Incomplete[]): Found {
  const [first = '', ...rest] = message
  const text = first.toUpperCase() + rest.join('')
  return { to: null, incomplete: [...incomplete, { source: null, reason: 'UNMATCHED', message: text, count: 1 }] }
}

function tooMany(sha: string): Incomplete {
  const message = `Commit ${sha} was not looked for: for the commits of one request that were recorded without a repository, forges are asked ${MAX_REQUESTS} times at most. Ask again, since what was found is remembered, or state the repositories under code.`
  return { source: null, reason: 'TRUNCATED', message, count: 1 }
}

function beyond(listed: number): Incomplete {
  const message = `${listed} repositories are listed, and a commit without one is looked for in the first ${MAX_REPOSITORIES} only: state the repository under code.`
  return { source: null, reason: 'TRUNCATED', message, count: listed - MAX_REPOSITORIES }
}
