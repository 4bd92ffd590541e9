import type { Access } from '#lib/access.ts'
import { hiddenFrom } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { parseId } from '#lib/ids.ts'
import { perRequest } from '#lib/per-request.ts'
import { askList, askNodes, had, type Listed } from './ask.ts'
import type { ModelFacts, VersionFacts, VersionStatus } from './port.ts'

/** What a caller may see of models, as the tools have them now. */
export interface Portfolio {
  /** All models, without their versions. */
  models(context: RequestContext): Promise<Listed<ModelFacts>>
  /** All models with their versions, but for the times of commits. */
  modelsWithVersions(context: RequestContext): Promise<Listed<ModelFacts>>
  /** Ids of all endpoints. */
  endpoints(context: RequestContext): Promise<Listed<string>>
  /** When the commits of versions were written, by version; asked of forges, so for few. */
  commitTimes(versions: readonly string[], context: RequestContext): Promise<ReadonlyMap<string, number>>
  /** Whether nothing is hidden from the caller. */
  seesAll(context: RequestContext): boolean
  /** Whether a model is shown to the caller. Who sees everything is shown what was observed of one that is gone, too. */
  seesModel(id: string, context: RequestContext): Promise<boolean>
}

const OF_MODEL =
  'id domain owners { name } claims { incomplete { source reason message count } } champion { id } provenance { source { id } }'
const VERSION = 'id status createdAt runId run { startedAt endedAt }'
/** Versions of one model that figures are made of, the newest. */
const VERSIONS = 200

const list = (name: string, field: string, nodes: string, more = '') =>
  `query ${name}($first: Int, $after: String${more}) {
  ${field}(first: $first, after: $after) { nodes { ${nodes} } pageInfo { hasNextPage endCursor } incomplete { source reason message count } }
}`

const MODELS = list('DeliveryModels', 'models', OF_MODEL)
const FULL = list(
  'DeliveryModelsWithVersions',
  'models',
  `${OF_MODEL} versions(first: $versions) { nodes { ${VERSION} } pageInfo { hasNextPage } totalCount }`,
  ', $versions: Int',
)
const ENDPOINTS = list('DeliveryEndpoints', 'endpoints', 'id')
const COMMITS = `query DeliveryCommits($ids: [ID!]!) {
  nodes(ids: $ids) { ... on ModelVersion { id run { commit { authoredAt } } } }
}`

interface ModelNode {
  readonly id: string
  readonly domain: string | null
  readonly owners: readonly { readonly name: string }[] | null
  /** Who could tell the domain and the owners where nobody else does. */
  readonly claims: { readonly incomplete: readonly Incomplete[] } | null
  readonly champion: { readonly id: string } | null
  readonly provenance: { readonly source: { readonly id: string } } | null
  readonly versions?: {
    readonly nodes: readonly VersionNode[]
    readonly pageInfo: { readonly hasNextPage: boolean }
    readonly totalCount: number
  } | null
}

/** A version as the graph answers it. */
export interface VersionNode {
  readonly id: string
  readonly status: VersionStatus
  readonly createdAt: string | null
  readonly runId: string | null
  readonly run: { readonly startedAt: string | null; readonly endedAt: string | null } | null
}

/** Asks the graph, once per request, with the caller's rights. `pageSize`: as many as a page may have. */
export function createPortfolio(graph: GraphPort, access: Access, pageSize: number): Portfolio {
  const versions = Math.min(VERSIONS, pageSize)
  const ask = (document: string, field: string, first: number, context: RequestContext, variables: object = {}) =>
    askList<ModelNode>(graph, { document, field, first: Math.min(first, pageSize) }, { ...variables }, context)
  const models = perRequest(async (context) => factsOf(await ask(MODELS, 'models', 500, context)))
  const full = perRequest(async (context) => factsOf(await ask(FULL, 'models', 100, context, { versions })))
  const endpoints = perRequest(async (context) => {
    const { nodes, incomplete } = await ask(ENDPOINTS, 'endpoints', 500, context)
    return { nodes: nodes.map(({ id }) => id), incomplete }
  })
  // A thing of no source, domain, owner or tag meets no condition.
  const seesAll = ({ caller }: RequestContext) => access.visible(caller, { source: '' })
  return {
    models,
    modelsWithVersions: full,
    endpoints,
    async commitTimes(versions, context) {
      const nodes = await askNodes<CommitNode>(graph, COMMITS, versions, context)
      return new Map(
        nodes.map(had).flatMap((node) => {
          const at = timeOf(node?.run?.commit?.authoredAt)
          return node && at !== null ? [[node.id, at] as const] : []
        }),
      )
    },
    seesAll,
    seesModel: async (id, context) =>
      seesAll(context) || (await models(context)).nodes.some((model) => model.id === id),
  }
}

interface CommitNode {
  readonly id: string
  readonly run: { readonly commit: { readonly authoredAt: string | null } | null } | null
}

/** Milliseconds since 1970. null: not told. */
export const timeOf = (text: string | null | undefined): number | null => (text ? Date.parse(text) : null)

function factsOf({ nodes, incomplete }: Listed<ModelNode>): Listed<ModelFacts> {
  const cut = nodes.flatMap(({ id, versions }): Incomplete[] => {
    if (versions === undefined || (versions && !versions.pageInfo.hasNextPage)) return []
    const source = parseId(id)?.parts[0] ?? null
    if (!versions) return [missing(source, 'DOWN', `The versions of ${id} could not be read.`, null)]
    const count = versions.totalCount - versions.nodes.length
    return [missing(source, 'TRUNCATED', `Of ${id}, the newest ${versions.nodes.length} versions count here.`, count)]
  })
  const silent = nodes.flatMap(({ domain, owners, claims }) =>
    domain === null || owners === null ? (claims?.incomplete ?? []) : [],
  )
  const silentOnce = [...new Map(silent.map((one) => [JSON.stringify([one.source, one.reason]), one])).values()]
  return {
    incomplete: [...incomplete, ...silentOnce, ...cut],
    nodes: nodes.map(({ id, domain, owners, champion, provenance, versions }) => ({
      ...{ id, domain, owners: owners?.map(({ name }) => name) ?? [], champion: champion?.id ?? null },
      source: provenance?.source.id ?? parseId(id)?.parts[0] ?? '',
      versions: versions?.nodes.map((version) => versionFacts(version, id)) ?? [],
    })),
  }
}

/** What the graph answered of a version. */
export function versionFacts({ id, status, createdAt, runId, run }: VersionNode, model: string): VersionFacts {
  return {
    ...{ id, model, status, run: runId, committedAt: null, registeredAt: timeOf(createdAt) },
    ...{ runStartedAt: timeOf(run?.startedAt), runEndedAt: timeOf(run?.endedAt) },
  }
}

function missing(
  source: string | null,
  reason: Incomplete['reason'],
  message: string,
  count: number | null,
): Incomplete {
  return { source, reason, message, count }
}

/** What is hidden, by source: things that were observed and that the caller may not see, or that are gone. */
export function hiddenSubjects(
  subjects: Iterable<{ readonly subject: string; readonly source: string }>,
): Incomplete[] {
  const bySource = new Map<string, Set<string>>()
  for (const { subject, source } of subjects) {
    bySource.set(source, (bySource.get(source) ?? new Set()).add(subject))
  }
  return [...bySource].flatMap(([source, hidden]) => hiddenFrom(source, hidden.size))
}
