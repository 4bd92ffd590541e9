import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { type Grouping, grouped } from './groups.ts'
import { historyOf, type ObservationIndex } from './history.ts'
import { type Figures, figuresOf, type ObservedModel, stagesOf, type Window } from './metrics.ts'
import type { ModelFacts } from './port.ts'
import type { Portfolio } from './portfolio.ts'

/** Which models are asked about. */
export interface ModelsWanted {
  readonly owner?: string | null | undefined
  readonly domain?: string | null | undefined
  readonly source?: string | null | undefined
}

/** The figures of one group. */
export interface GroupRecord {
  readonly group: string | null
  readonly figures: Figures
  readonly incomplete: readonly Incomplete[]
  /** How long each stage takes; forges are asked for it. */
  stages(): Promise<ReturnType<typeof stagesOf>>
}

/** Models that the caller may see, with their versions and what was observed of them. */
export async function observedModels(
  index: ObservationIndex,
  portfolio: Portfolio,
  { owner, domain, source }: ModelsWanted,
  context: RequestContext,
): Promise<{ readonly models: readonly ObservedModel[]; readonly incomplete: readonly Incomplete[] }> {
  const { nodes, incomplete } = await portfolio.modelsWithVersions(context)
  const wanted = nodes.filter(
    (facts) =>
      (!owner || facts.owners.includes(owner)) &&
      (!domain || facts.domain === domain) &&
      (!source || facts.source === source),
  )
  return { models: wanted.map((facts) => ({ facts, history: historyOf(facts.id, index.of(facts.id)) })), incomplete }
}

/** The figures of each group of models. */
export async function listMetrics(
  index: ObservationIndex,
  portfolio: Portfolio,
  wanted: ModelsWanted & { readonly groupBy: Grouping | null },
  window: Window,
  context: RequestContext,
): Promise<GroupRecord[]> {
  const { models, incomplete } = await observedModels(index, portfolio, wanted, context)
  return grouped(models, wanted.groupBy).map(({ group, members }) => ({
    ...{ group, incomplete, figures: figuresOf(members, window) },
    async stages() {
      const started = members.flatMap(({ facts }) => facts.versions.filter((one) => startedIn(window, one)))
      const latest = started.toSorted((a, b) => (b.runStartedAt ?? 0) - (a.runStartedAt ?? 0)).slice(0, MAX_COMMITS)
      const commits = await portfolio.commitTimes(
        latest.map(({ id }) => id),
        context,
      )
      return stagesOf(
        members.map(({ facts, history }) => ({ history, facts: withCommits(facts, commits) })),
        window,
      )
    },
  }))
}

/** Commits that forges are asked for at a time, of the runs that started last; of the rest it is not known when they were written. */
const MAX_COMMITS = 300

const startedIn = ({ now, days }: Window, { runStartedAt }: { readonly runStartedAt: number | null }): boolean =>
  runStartedAt !== null && runStartedAt > now - days * 86_400_000

const withCommits = (facts: ModelFacts, commits: ReadonlyMap<string, number>): ModelFacts => ({
  ...facts,
  versions: facts.versions.map((version) => ({ ...version, committedAt: commits.get(version.id) ?? null })),
})
