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

/** Ids of sources; null among them: nobody knows of which. */
type Silent = ReadonlySet<string | null>

/** What a look saw, and which sources did not answer it. */
export interface Seen {
  readonly models: readonly SeenModel[]
  readonly endpoints: readonly SeenEndpoint[]
  /** What servers showed is no older than this, in milliseconds since 1970. */
  readonly servedAt: number
  /** Sources of which not everything was seen. */
  readonly silent: { readonly registries: Silent; readonly servers: Silent }
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

/** Looks at the models of all registries, or of one source, and at all endpoints. `pageSize`: as many as a page may have. */
export async function lookAround(
  graph: GraphPort,
  source: string | null,
  pageSize: number,
  context: RequestContext,
): Promise<Seen> {
  const where = source === null ? null : { source }
  const list = { first: Math.min(PAGE, pageSize) }
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
    silent: { registries: silentIn(models.incomplete), servers: silentIn(servers.incomplete) },
  }
}

/** Where no source of a kind is configured, none is silent. */
const silentIn = (incomplete: readonly Incomplete[]): Silent =>
  new Set(incomplete.flatMap(({ source, reason }) => (reason === 'NOT_CONFIGURED' ? [] : [source ?? null])))

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

const VERSIONS = `query DeliveryLookVersions($ids: [ID!]!, $first: Int) {
  nodes(ids: $ids) { ... on Model { id versions(first: $first) { ...page } } }
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
  pageSize: number,
  context: RequestContext,
): Promise<SeenVersion[]> {
  const first = Math.min(PAGE, pageSize)
  const ids = models.map(({ id }) => id)
  const nodes = await askNodes<{ id: string; versions: VersionPage | null }>(graph, VERSIONS, ids, context, { first })
  const found: SeenVersion[] = []
  for (const [i, model] of models.entries()) {
    let page = had(nodes[i])?.versions
    while (page) {
      found.push(...page.nodes.map((node) => versionOf(node, model)))
      const { hasNextPage, endCursor } = page.pageInfo
      if (!hasNextPage || page.nodes.some(({ id }) => known(id))) break
      const variables = { id: model.id, first, after: endCursor }
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

const judged = ({ name, list, field }: Judge) => `query ${name}($first: Int, $after: String) {
  ${list}(first: $first, after: $after) {
    nodes { id ${field} { status } }
    pageInfo { hasNextPage endCursor }
    incomplete { source reason message count }
  }
}`

/** Who judges what; a graph without governance refuses the last one, and nothing is seen by it. */
const JUDGES: readonly Judge[] = [
  { kind: 'HEALTH_CHANGED', list: 'models', field: 'health', name: 'DeliveryModelHealth' },
  { kind: 'HEALTH_CHANGED', list: 'endpoints', field: 'health', name: 'DeliveryEndpointHealth' },
  { kind: 'COMPLIANCE_CHANGED', list: 'models', field: 'compliance', name: 'DeliveryModelCompliance' },
]

interface Judge {
  readonly kind: SeenJudgement['kind']
  readonly list: string
  readonly field: 'health' | 'compliance'
  readonly name: string
}

/** What was judged of a thing, as one look saw it. */
export interface SeenJudgement {
  readonly kind: 'HEALTH_CHANGED' | 'COMPLIANCE_CHANGED'
  readonly id: string
  readonly status: string
}

/** Looks at health and compliance of everything, which means judging it. What cannot be told is not seen. */
export async function lookAtJudgements(
  graph: GraphPort,
  pageSize: number,
  context: RequestContext,
): Promise<SeenJudgement[]> {
  const seen: SeenJudgement[] = []
  for (const judge of JUDGES) {
    const { kind, list, field } = judge
    const asked = { document: judged(judge), field: list, first: Math.min(PAGE, pageSize) }
    const { nodes } = await askList<JudgedNode>(graph, asked, {}, context)
    for (const node of nodes) {
      const status = node[field]?.status ?? 'UNKNOWN'
      if (status !== 'UNKNOWN') seen.push({ kind, id: node.id, status })
    }
  }
  return seen
}

interface JudgedNode {
  readonly id: string
  readonly health?: { readonly status: string } | null
  readonly compliance?: { readonly status: string } | null
}
