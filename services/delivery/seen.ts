import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { askList, askNodes, had } from './ask.ts'

/** A model as one look saw it. */
export interface SeenModel {
  readonly id: string
  readonly source: string
  /** When the registry was asked, in milliseconds since 1970. */
  readonly at: number
  /** Id of a version. */
  readonly champion: string | null
  readonly latestVersion: string | null
  /** Ids of versions that answer requests, on endpoints that are not known to be outside production. */
  readonly served: readonly string[]
  /** Whether every server told. */
  readonly servedByAll: boolean
  /** Ids of the endpoints that serve it, ready or not. */
  readonly endpoints: readonly string[]
}

/** An endpoint as one look saw it. */
interface SeenEndpoint {
  readonly id: string
  readonly source: string
  readonly at: number
  readonly state: string
}

/** What a look saw, and which sources did not answer it. */
export interface Seen {
  readonly models: readonly SeenModel[]
  readonly endpoints: readonly SeenEndpoint[]
  /** What servers showed is no older than this, in milliseconds since 1970. */
  readonly servedAt: number
  /** Ids of sources of which not everything was seen; null among them: nobody knows of which. */
  readonly silent: ReadonlySet<string | null>
}

/** A version as the registry remembers it. */
export interface SeenVersion {
  readonly id: string
  readonly version: string
  readonly model: string
  readonly source: string
  readonly createdAt: number | null
  readonly createdBy: string | null
}

/** Things of one question: small, so that others are answered between two of them. */
const PAGE = 100

const MODELS = `query DeliveryLookModels($first: Int, $after: String, $where: ModelFilter) {
  models(first: $first, after: $after, where: $where) {
    nodes {
      id
      champion { id }
      latestVersion { id }
      served { nodes { version servedModel { state endpoint { id production } } } incomplete { reason } }
      provenance { source { id } fetchedAt }
    }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message count }
  }
}`

interface ModelNode {
  readonly id: string
  readonly champion: { readonly id: string } | null
  readonly latestVersion: { readonly id: string } | null
  readonly served: {
    readonly nodes: readonly {
      readonly version: string | null
      readonly servedModel: {
        readonly state: string
        readonly endpoint: { readonly id: string; readonly production: boolean | null } | null
      } | null
    }[]
    readonly incomplete: readonly unknown[]
  } | null
  readonly provenance: { readonly source: { readonly id: string }; readonly fetchedAt: string } | null
}

const ENDPOINTS = `query DeliveryLookEndpoints($first: Int, $after: String) {
  endpoints(first: $first, after: $after) {
    nodes { id state provenance { source { id } fetchedAt } }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message count }
  }
}`

interface EndpointNode {
  readonly id: string
  readonly state: string
  readonly provenance: ModelNode['provenance']
}

/** Looks at the models of all registries, or of one source, and at all endpoints. */
export async function lookAround(graph: GraphPort, source: string | null, context: RequestContext): Promise<Seen> {
  const where = source === null ? null : { source }
  const list = { first: PAGE }
  // Servers first: what models then show of them is no older.
  const servers = await askList<EndpointNode>(graph, { ...list, document: ENDPOINTS, field: 'endpoints' }, {}, context)
  const models = await askList<ModelNode>(graph, { ...list, document: MODELS, field: 'models' }, { where }, context)
  const endpoints = servers.nodes.flatMap(({ id, state, provenance }) =>
    provenance ? [{ id, state, source: provenance.source.id, at: Date.parse(provenance.fetchedAt) }] : [],
  )
  return {
    endpoints,
    models: models.nodes.flatMap(modelOf),
    servedAt: endpoints.reduce((oldest, { at }) => Math.min(oldest, at), Date.now()),
    silent: new Set([...models.incomplete, ...servers.incomplete].map(({ source: one }: Incomplete) => one ?? null)),
  }
}

/** A model without provenance was not read from anywhere: it is not seen. */
function modelOf({ id, champion, latestVersion, served, provenance }: ModelNode): SeenModel[] {
  const [, name] = parseId(id)?.parts ?? []
  if (!provenance || name === undefined) return []
  const source = provenance.source.id
  const nodes = served?.nodes ?? []
  const answering = nodes.flatMap(({ version, servedModel }) => {
    const counts = servedModel?.state === 'READY' && servedModel.endpoint?.production !== false
    return counts && version !== null ? [makeId('ModelVersion', source, name, version)] : []
  })
  return [
    {
      ...{ id, source, at: Date.parse(provenance.fetchedAt) },
      champion: champion?.id ?? null,
      latestVersion: latestVersion?.id ?? null,
      served: [...new Set(answering)].sort(),
      servedByAll: served !== null && served.incomplete.length === 0,
      endpoints: [...new Set(nodes.flatMap(({ servedModel }) => servedModel?.endpoint?.id ?? []))],
    },
  ]
}

const VERSIONS = `query DeliveryLookVersions($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Model { id versions(first: 100) { ...page } } }
}
fragment page on ModelVersionConnection { nodes { id version createdAt createdBy } pageInfo { hasNextPage endCursor } }`

const MORE = `query DeliveryLookMoreVersions($id: ID!, $first: Int, $after: String) {
  model(id: $id) { versions(first: $first, after: $after) { nodes { id version createdAt createdBy } pageInfo { hasNextPage endCursor } } }
}`

interface VersionNode {
  readonly id: string
  readonly version: string
  readonly createdAt: string | null
  readonly createdBy: string | null
}

interface VersionPage {
  readonly nodes: readonly VersionNode[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

/** The versions of models, newest first, as far back as one that is `known`. */
export async function versionsOf(
  graph: GraphPort,
  models: readonly SeenModel[],
  known: (version: string) => boolean,
  context: RequestContext,
): Promise<SeenVersion[]> {
  const ids = models.map(({ id }) => id)
  const nodes = await askNodes<{ id: string; versions: VersionPage | null }>(graph, VERSIONS, ids, context)
  const found: SeenVersion[] = []
  for (const [i, model] of models.entries()) {
    let page = had(nodes[i])?.versions
    while (page) {
      found.push(...page.nodes.map((node) => versionOf(node, model)))
      const { hasNextPage, endCursor } = page.pageInfo
      if (!hasNextPage || page.nodes.some(({ id }) => known(id))) break
      const variables = { id: model.id, first: PAGE, after: endCursor }
      const { data } = await graph.query(MORE, variables, context)
      page = (data?.model as { versions: VersionPage | null } | null)?.versions ?? null
    }
  }
  return found.filter(({ id }) => !known(id))
}

const versionOf = (node: VersionNode, { id: model, source }: SeenModel): SeenVersion => ({
  ...{ id: node.id, version: node.version, createdBy: node.createdBy, model, source },
  createdAt: node.createdAt === null ? null : Date.parse(node.createdAt),
})

const JUDGED = {
  Model: `query DeliveryLookModelHealth($first: Int, $after: String) {
  models(first: $first, after: $after) { nodes { id health { status } } pageInfo { hasNextPage endCursor } incomplete { source reason message count } }
}`,
  Endpoint: `query DeliveryLookEndpointHealth($first: Int, $after: String) {
  endpoints(first: $first, after: $after) { nodes { id health { status } } pageInfo { hasNextPage endCursor } incomplete { source reason message count } }
}`,
}

/** Health as one look saw it. */
export interface SeenHealth {
  readonly id: string
  readonly status: string
}

/** Looks at the health of everything, which means judging it. What cannot be told is not seen. */
export async function lookAtHealth(graph: GraphPort, context: RequestContext): Promise<SeenHealth[]> {
  const lists = [
    { document: JUDGED.Model, field: 'models', first: PAGE },
    { document: JUDGED.Endpoint, field: 'endpoints', first: PAGE },
  ]
  const seen: SeenHealth[] = []
  for (const list of lists) {
    const { nodes } = await askList<{ id: string; health: { status: string } | null }>(graph, list, {}, context)
    seen.push(...nodes.flatMap(({ id, health }) => (health ? [{ id, status: health.status }] : [])))
  }
  return seen.filter(({ status }) => status !== 'UNKNOWN')
}
