import { createAccess } from '#lib/access.ts'
import { once } from '#lib/once.ts'
import { connectSources, renamedSources } from '#lib/sources.ts'
import type { Subgraph, SubgraphOptions } from '#lib/subgraph.ts'
import { executableSchema } from '#schema/executable.ts'
import { ciAdapters } from './adapters.ts'
import { createWhoIs } from './approval.ts'
import { createForge } from './forge.ts'
import { createForges } from './forges.ts'
import { createLookups } from './lookups.ts'
import { settled } from './reading.ts'
import { commitResolvers } from './resolvers/commit.ts'
import { pipelineRunResolvers } from './resolvers/pipeline-run.ts'
import { pullRequestResolvers } from './resolvers/pull-request.ts'
import { queryResolvers } from './resolvers/query.ts'
import { trainingRunResolvers } from './resolvers/training-run.ts'
import type { Resolvers } from './schema.generated.ts'

/** The CI side of the graph: commits, their reviews and CI runs, and which of them a training run came from. */
export function createCiSubgraph(options: SubgraphOptions): Subgraph {
  const { config, log } = options
  const sources = connectSources(ciAdapters, options)
  const all = sources.map((source) => createForge(source, config, log))
  const renamed = renamedSources(config)
  const forges = createForges(all, createAccess(config.access))
  const lookups = createLookups(forges, renamed)
  const resolvers: Resolvers = {
    Query: queryResolvers(forges, lookups, config, renamed),
    Commit: commitResolvers(forges),
    PullRequest: pullRequestResolvers(forges, lookups, createWhoIs(config.people)),
    PipelineRun: pipelineRunResolvers(forges, lookups),
    TrainingRun: trainingRunResolvers(forges),
    CiSource: {
      __resolveReference: ({ id }) => forges.source(id)?.source ?? null,
      status: ({ id }) => forges.source(id)?.connected.state.status() ?? null,
    },
  }
  const schema = once(() => executableSchema('ci', resolvers))
  return {
    name: 'ci',
    get schema() {
      return schema()
    },
    sources,
    // Nothing is read ahead: there is no list of all commits. Who the tools are is.
    start: async () => {
      const call = { signal: AbortSignal.timeout(config.http.indexTimeout), purpose: 'index' as const }
      await Promise.all(sources.map(({ port }) => settled(port.probe(call))))
    },
    receive: (delivery) => {
      const forge = forges.source(renamed.get(delivery.source) ?? delivery.source)
      return forge?.connected.kind === delivery.tool ? forge.receive(delivery) : undefined
    },
    close: async () => {
      await Promise.all(all.map((forge) => forge.close()))
    },
  }
}
