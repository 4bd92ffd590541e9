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
import type { CodeUseEntry, RunIndex } from '../run-index.ts'
import type { CommitResolvers, PipelineRunResolvers, TrainingRunConnection } from '../schema.generated.ts'

const newestFirst: Order<CodeUseEntry> = {
  name: 'NEWEST',
  keys: ({ startedAt, source, runId }) => [startedAt === null ? null : -startedAt, source, runId],
}

/** `Commit`: an id is enough to name one. */
export function commitResolvers(registries: Registries, config: Config): CommitResolvers {
  return {
    trainingRuns: ({ id }, page, context) =>
      runsOf(registries, config, page, context, 'its runs that were made from this commit', (index) =>
        usesOfCommit(index, id),
      ),
  }
}

/** A CI run as the CI side hands it over. */
export interface PipelineRunReference {
  readonly id: string
  readonly webUrl?: string | null
  readonly commit?: { readonly id: string } | null
  readonly soleWindows?: readonly { readonly startsAt: string; readonly endsAt?: string | null }[] | null
}

/** `PipelineRun`: what the CI side tells of it is enough to recognise the runs that it started. */
export function pipelineRunResolvers(registries: Registries, config: Config): PipelineRunResolvers {
  return {
    trainingRuns: ({ webUrl, commit, soleWindows }, page, context) => {
      const key = webUrl ? pipelineRunKey(webUrl) : undefined
      const windows = (soleWindows ?? []).map(({ startsAt, endsAt }) => ({
        start: Date.parse(startsAt),
        end: endsAt ? Date.parse(endsAt) : null,
      }))
      return runsOf(registries, config, page, context, 'its runs that this CI run started', (index) => [
        ...((key && index.codeByPipelineRun.get(key)) || []),
        ...usesOfCommit(index, commit?.id ?? '').filter(
          ({ pipelineRun, startedAt }) => pipelineRun === null && startedAt !== null && within(startedAt, windows),
        ),
      ])
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
