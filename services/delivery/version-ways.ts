import DataLoader from 'dataloader'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { perRequest } from '#lib/per-request.ts'
import { askNodes } from './ask.ts'
import { historyOf, type ObservationIndex } from './history.ts'
import { type Way, wayOf } from './lead-time.ts'
import type { ModelFacts, VersionFacts } from './port.ts'
import { timeOf, type VersionNode, versionFacts } from './portfolio.ts'

const WAYS = `query DeliveryWays($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on ModelVersion {
      id status createdAt runId
      run { startedAt endedAt commit { authoredAt } }
      model { id champion { id createdAt } latestVersion { id createdAt } }
    }
  }
}`

interface WayNode extends VersionNode {
  readonly run: (NonNullable<VersionNode['run']> & { readonly commit: { authoredAt: string | null } | null }) | null
  readonly model: {
    readonly id: string
    readonly champion: Registered | null
    readonly latestVersion: Registered | null
  }
}

interface Registered {
  readonly id: string
  readonly createdAt: string | null
}

/** The way of one version to production; null: it is gone, or the caller may not see it. Asked for in batches. */
export function createWays(
  graph: GraphPort,
  read: (context: RequestContext) => Promise<ObservationIndex>,
): (version: string, context: RequestContext) => Promise<Way | null> {
  const loaders = perRequest(
    (context) =>
      new DataLoader<string, Way | null>(async (ids) => {
        const [index, nodes] = await Promise.all([read(context), askNodes<WayNode>(graph, WAYS, ids, context)])
        return nodes.map((node) => (node instanceof Error ? node : node && wayIn(node, index)))
      }),
  )
  return (version, context) => loaders(context).load(version)
}

function wayIn(node: WayNode, index: ObservationIndex): Way {
  const { id, champion, latestVersion } = node.model
  const observations = index.of(id)
  const facts: VersionFacts = { ...versionFacts(node, id), committedAt: timeOf(node.run?.commit?.authoredAt) }
  const others = new Map<string, VersionFacts>()
  // When other versions were registered tells whether they have overtaken this one; those that are gone count too.
  for (const { kind, subject, at, precisionSeconds } of observations) {
    if (kind === 'VERSION_CREATED' && precisionSeconds === 0) others.set(subject, registered(subject, id, at))
  }
  for (const one of [champion, latestVersion]) {
    if (one) others.set(one.id, registered(one.id, id, timeOf(one.createdAt)))
  }
  others.set(facts.id, facts)
  const model: ModelFacts = {
    ...{ id, source: '', domain: null, owners: [], champion: champion?.id ?? null, versions: [...others.values()] },
  }
  return wayOf(facts, model, historyOf(id, observations))
}

function registered(id: string, model: string, registeredAt: number | null): VersionFacts {
  const unknown = { committedAt: null, runStartedAt: null, runEndedAt: null, run: null }
  return { id, model, status: 'UNKNOWN', registeredAt, ...unknown }
}
