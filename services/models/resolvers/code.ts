import { hiddenFrom } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { parseId } from '#lib/ids.ts'
import { type Order, type PageArguments, pageOf, sorted } from '#lib/page.ts'
import { pipelineRunKey } from '#lib/pipeline-run-url.ts'
import { within } from '#lib/pipeline-window.ts'
import { incompleteOf, missingFrom } from '#lib/reading.ts'
import type { Registries } from '../registries.ts'
import { findRun } from '../run.ts'
import { type CodeUseEntry, type RunIndex, shaKey } from '../run-index.ts'
import type { CommitResolvers, PipelineRunResolvers, TrainingRunConnection } from '../schema.generated.ts'

const newestFirst: Order<CodeUseEntry> = {
  name: 'NEWEST',
  keys: ({ startedAt, source, runId }) => [startedAt === null ? null : -startedAt, source, runId],
}

/** Which SHAs that runs recorded without a repository are of a commit, as the CI side found. */
type OwnShas = { readonly shas: readonly string[]; readonly incomplete: readonly Incomplete[] } | null | undefined

/** A commit as the CI side hands it over; an id is enough to name one. */
export interface CommitReference {
  readonly id: string
  /** null: the CI side did not answer. */
  readonly itself?: { readonly ownShas?: OwnShas } | null
}

/** `Commit`. */
export function commitResolvers(registries: Registries, config: Config): CommitResolvers {
  return {
    recordedShas: async ({ id }, _, context) => {
      const indexes = await Promise.all(registries.all.map(({ runIndex }) => runIndex.read(context)))
      const uses = indexes.flatMap(({ value }) => (value ? usesOfSha(value, id) : []))
      return [...new Set(uses.flatMap(({ sha }) => sha ?? []))]
    },
    trainingRuns: async ({ id, itself }, page, context) =>
      withUnsure(
        await runsOf(registries, config, page, context, 'its runs that were made from this commit', (index) => [
          ...usesOfCommit(index, id),
          ...usesOfSha(index, id, itself?.ownShas ?? null),
        ]),
        itself?.ownShas,
      ),
  }
}

/** A CI run as the CI side hands it over. */
export interface PipelineRunReference {
  readonly id: string
  readonly webUrl?: string | null
  readonly commit?: { readonly id: string; readonly ownShas?: OwnShas } | null
  readonly soleWindows?: readonly { readonly startsAt: string; readonly endsAt?: string | null }[] | null
}

/** `PipelineRun`: what the CI side tells of it is enough to recognise the runs that it started. */
export function pipelineRunResolvers(registries: Registries, config: Config): PipelineRunResolvers {
  return {
    trainingRuns: async ({ webUrl, commit, soleWindows }, page, context) => {
      const key = webUrl ? pipelineRunKey(webUrl) : undefined
      const windows = (soleWindows ?? []).map(({ startsAt, endsAt }) => ({
        start: Date.parse(startsAt),
        end: endsAt ? Date.parse(endsAt) : null,
      }))
      const runs = await runsOf(registries, config, page, context, 'its runs that this CI run started', (index) => [
        ...((key && index.codeByPipelineRun.get(key)) || []),
        ...[
          ...usesOfCommit(index, commit?.id ?? ''),
          ...usesOfSha(index, commit?.id ?? '', commit?.ownShas ?? null),
        ].filter(
          ({ pipelineRun, startedAt }) => pipelineRun === null && startedAt !== null && within(startedAt, windows),
        ),
      ])
      return withUnsure(runs, commit?.ownShas)
    },
  }
}

/** A short SHA counts when no other commit that is known of the repository begins with it. */
function usesOfCommit({ codeByRepository }: RunIndex, id: string): readonly CodeUseEntry[] {
  const parsed = parseId(id)
  const [repository = '', full = ''] = parsed?.type === 'Commit' ? parsed.parts : []
  const uses = codeByRepository.get(repository) ?? []
  return uses.filter(({ sha }) => {
    if (sha === null || !full.startsWith(sha)) return false
    return sha === full || !uses.some(({ sha: other }) => other?.startsWith(sha) && !full.startsWith(other))
  })
}

/**
 * Runs that recorded a SHA alone that the commit begins with: all of them, or those of the SHAs that are of this commit and
 * of no other.
 */
function usesOfSha({ codeBySha }: RunIndex, id: string, own?: OwnShas): readonly CodeUseEntry[] {
  const parsed = parseId(id)
  const [, full = ''] = parsed?.type === 'Commit' ? parsed.parts : []
  return (codeBySha.get(shaKey(full)) ?? []).filter(
    ({ sha }) => sha !== null && full.startsWith(sha) && (own === undefined || own?.shas.includes(sha)),
  )
}

/** With what could not be told of SHAs that may be of the commit. */
function withUnsure(runs: Connection, own: OwnShas): Connection {
  return { ...runs, incomplete: [...runs.incomplete, ...(own?.incomplete ?? [])] }
}

async function runsOf(
  registries: Registries,
  config: Config,
  { first, after }: PageArguments,
  context: RequestContext,
  what: string,
  find: (index: RunIndex) => readonly CodeUseEntry[],
): Promise<Connection> {
  const found = await Promise.all(
    registries.all.map(async (registry) => {
      const reading = await registry.runIndex.read(context)
      const all = reading.value ? find(reading.value) : []
      const seen = all.length === 0 ? undefined : await registries.runsSeen(registry, context)
      const uses = all.filter(({ runId }) => seen?.(runId))
      return { uses, incomplete: [...missingFrom(reading, what), ...hiddenFrom(registry.id, all.length - uses.length)] }
    }),
  )
  const incomplete = found.flatMap((one) => one.incomplete)
  const uses = sorted(
    found.flatMap((one) => one.uses),
    newestFirst,
  )
  const page = pageOf(uses, newestFirst, { first, after }, config.gateway.limits.pageSize, incomplete)
  const runs = await Promise.all(
    page.edges.map(async ({ cursor, node: { source, runId } }) => {
      const registry = registries.byId(source)
      return { cursor, source, ...(registry ? await findRun(registries, registry, runId, context) : { run: null }) }
    }),
  )
  return {
    ...page,
    edges: runs.map(({ cursor, run }) => ({ cursor, node: run })),
    nodes: runs.flatMap(({ run }) => run ?? []),
    incomplete: [...page.incomplete, ...runs.flatMap(unread)],
  }
}

type Connection = Awaited<ReturnType<typeof findRun>>['run'] extends infer R
  ? Omit<TrainingRunConnection, 'nodes' | 'edges'> & {
      readonly nodes: readonly NonNullable<R>[]
      readonly edges: readonly { readonly cursor: string; readonly node: R }[]
    }
  : never

function unread(looked: { readonly source: string } & Awaited<ReturnType<typeof findRun>>): Incomplete[] {
  if (looked.run || !('failure' in looked) || !looked.failure) return []
  return [incompleteOf(looked.failure, 'one of the runs')]
}
