import type { Incomplete } from '#lib/common.generated.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { unaccounted } from '#lib/rules/missing.ts'
import type { Lineage } from '../exports/lineage.ts'
import { type Asked, readAnswer, type Spot, textOf } from './answer.ts'
import type { Ask } from './ask.ts'
import { readLineage } from './lineage.ts'
import type { QuestionName } from './questions.ts'

/** A version in use, and why it counts as that. */
export interface VersionInUse {
  readonly id: string
  /** As the registry writes it. */
  readonly version: string
  /** Such as champion, served, newest. */
  readonly uses: readonly string[]
  /** `ModelVersion`, with run and data. */
  readonly told: Spot
  /** `ModelVersion`, with the run's code, review and CI. */
  readonly code: Spot
  /** `[InputQuality]`: how the data stood when the run started. */
  readonly dataThen: Spot
}

/** Everything that a pack holds, as the graph answered. */
export interface Evidence {
  /** Id of the model. */
  readonly id: string
  /** Every question and its answer, in the order asked. */
  readonly asked: readonly Asked[]
  readonly caller: Spot
  readonly sources: Spot
  readonly model: Spot
  readonly versions: Pages
  readonly inUse: readonly VersionInUse[]
  readonly served: Spot
  readonly traffic: readonly Spot[]
  readonly endpoints: readonly Spot[]
  readonly applications: Spot
  readonly monitoring: Spot
  readonly health: Spot
  readonly compliance: Spot
  /** `Endpoint`, with its compliance, of each endpoint. */
  readonly compliances: readonly Spot[]
  /** `Model`, with risk and review. */
  readonly risk: Spot
  readonly packs: Spot
  readonly useCases: Spot
  /** Records on the model, its versions in use and their endpoints, a list for each. */
  readonly attestations: readonly Pages[]
  readonly waivers: readonly Pages[]
  readonly audit: readonly Pages[]
  /** What was seen to change, newest first. */
  readonly history: Pages
  readonly lineage: Lineage
  /** Where a bound of the pack cut something off. */
  readonly cut: readonly Incomplete[]
}

/** What a pack holds at most of each thing; more is told as TRUNCATED. */
const MOST = { versions: 1_000, inUse: 20, servedModels: 50, endpoints: 20, walks: 10, subjects: 30, records: 500 }
const WALK = { depth: 8, maxNodes: 500 }

/** What `gather` needs. `first` asks what others wait on. */
export interface GatherOptions {
  readonly id: string
  readonly first: Ask
  readonly ask: Ask
  /** Items of a page, at most as many as the gateway allows. */
  readonly pageSize: number
}

/** Asks for all that a pack holds. undefined: there is no such model that the caller may see. Where nobody can tell, `model` is null with its reason. */
export async function gather({ id, first, ask, pageSize }: GatherOptions): Promise<Evidence | undefined> {
  const asked: Asked[] = []
  const cut: Incomplete[] = []
  const recorded = async (how: Ask, question: QuestionName, variables: object, root: string) => {
    const answer = await how(question, { ...variables })
    asked.push(answer)
    return readAnswer(answer, root)
  }
  const of = (question: QuestionName, variables: object = { id }, root = 'model') =>
    recorded(ask, question, variables, root)
  const most = <T>(items: readonly T[], maximum: number, what: string): readonly T[] => {
    if (items.length > maximum) cut.push(...bound(`${items.length} ${what}`, maximum, items.length - maximum))
    return items.slice(0, maximum)
  }

  const model = await recorded(first, 'model', { id }, 'model')
  if (model.value === null && model.why.length === 0) return undefined
  // Asked beside what waits for where it is served, which a silent server may hold up.
  const rest = Promise.all([
    of('caller', {}, 'me'),
    of('sources', {}, 'sources'),
    allPages(async (page) => (await of('versions', { id, ...page })).get('versions'), {
      ...{ first: pageSize, most: MOST.versions, what: 'versions', cut },
    }),
    of('applications'),
    of('monitoring'),
    of('health'),
    of('compliance'),
    of('risk'),
    of('useCases'),
    of('packs', {}, 'packs'),
    allPages(async (page) => (await of('history', { id, ...page })).get('history'), {
      ...{ first: pageSize, most: MOST.records, what: 'observations', cut },
    }),
  ])
  const served = (await recorded(first, 'served', { id }, 'model')).get('served')
  const versions = most(versionsInUse(id, model, served), MOST.inUse, 'versions in use')
  const endpointIds = unique(served.get('nodes').items.map((node) => node.get('servedModel', 'endpoint', 'id')))
  const servedIds = unique(served.get('nodes').items.map((node) => node.get('servedModel', 'id')))
  const starts = most([id, ...versions.map((version) => version.id)], MOST.walks, 'things to walk the lineage from')
  const subjects = most(
    [id, ...versions.map((version) => version.id), ...endpointIds],
    MOST.subjects,
    'things to look for records on',
  )
  const recordsOn = (question: 'attestations' | 'waivers' | 'audit', what: string) =>
    Promise.all(
      subjects.map((subject) =>
        allPages((page) => of(question, { subject, ...page }, question), {
          ...{ first: pageSize, most: MOST.records, what, cut },
        }),
      ),
    )
  const [
    inUse,
    endpoints,
    compliances,
    traffic,
    walks,
    attestations,
    waivers,
    audit,
    [caller, sources, all, applications, monitoring, health, compliance, risk, useCases, packs, history],
  ] = await Promise.all([
    Promise.all(
      versions.map(async (version): Promise<VersionInUse> => {
        const variables = { id: version.id }
        const [told, code, then] = await Promise.all([
          of('version', variables, 'modelVersion'),
          of('code', variables, 'modelVersion'),
          of('inputQuality', variables, 'modelVersion'),
        ])
        return { ...version, told, code, dataThen: then.get('run', 'inputQuality') }
      }),
    ),
    Promise.all(most(endpointIds, MOST.endpoints, 'endpoints').map((one) => of('endpoint', { id: one }, 'endpoint'))),
    Promise.all(endpointIds.slice(0, MOST.endpoints).map((one) => of('endpointCompliance', { id: one }, 'endpoint'))),
    Promise.all(
      most(servedIds, MOST.servedModels, 'served models').map((one) => of('traffic', { id: one }, 'servedModel')),
    ),
    Promise.all(starts.map((one) => of('lineage', { of: one, ...WALK }, 'lineage'))),
    recordsOn('attestations', 'attestations'),
    recordsOn('waivers', 'waivers'),
    recordsOn('audit', 'records of the audit chain'),
    rest,
  ])
  return {
    ...{ id, asked, model, inUse, served, traffic, endpoints, cut, caller, sources, monitoring },
    ...{ versions: all, health: health.get('health'), lineage: readLineage(id, walks) },
    ...{ compliances, risk, packs, history, attestations, waivers, audit },
    ...{ compliance: compliance.get('compliance'), useCases: useCases.get('useCases') },
    applications: applications.get('applications'),
  }
}

/** A list of which every page was asked for, and its last page, which tells how many there are. */
export interface Pages {
  readonly nodes: readonly Spot[]
  readonly connection: Spot
}

/** Page after page, as they come. `what`: what there is more of where the bound cuts it off. */
async function allPages(
  ask: (page: { readonly first: number; readonly after: string | null }) => Promise<Spot>,
  { first, most, what, cut }: { first: number; most: number; what: string; cut: Incomplete[] },
): Promise<Pages> {
  const nodes: Spot[] = []
  let after: string | null = null
  for (;;) {
    const connection = await ask({ first: Math.min(first, most), after })
    nodes.push(...connection.get('nodes').items)
    const next = textOf(connection.get('pageInfo', 'endCursor'))
    if (connection.get('pageInfo', 'hasNextPage').value !== true || next === undefined) return { nodes, connection }
    if (nodes.length >= most) {
      const total = connection.get('totalCount').value
      const more = typeof total === 'number' ? total - nodes.length : null
      cut.push(...bound(typeof total === 'number' ? `${total} ${what}` : `more ${what}`, nodes.length, more))
      return { nodes, connection }
    }
    after = next
  }
}

/** The versions that the registry calls champion, that something serves, and the newest one. */
function versionsInUse(id: string, model: Spot, served: Spot): Omit<VersionInUse, 'told' | 'code' | 'dataThen'>[] {
  const [source = '', name = ''] = parseId(id)?.parts ?? []
  const uses = new Map<string, string[]>()
  const add = (version: Spot, use: string) => {
    const text = textOf(version)
    if (text === undefined) return
    const known = uses.get(text) ?? []
    uses.set(text, known.includes(use) ? known : [...known, use])
  }
  add(model.get('champion', 'version'), 'champion')
  for (const node of served.get('nodes').items) add(node.get('version'), 'served')
  add(model.get('latestVersion', 'version'), 'newest')
  return [...uses].map(([version, why]) => ({
    ...{ id: makeId('ModelVersion', source, name, version), version, uses: why },
  }))
}

function bound(found: string, maximum: number, count: number | null): readonly Incomplete[] {
  const message = `There are ${found}; a pack holds ${maximum} of them. Ask the graph for the rest.`
  return unaccounted('TRUNCATED', message).map((one) => ({ ...one, count }))
}

const unique = (spots: readonly Spot[]) => [...new Set(spots.flatMap((spot) => textOf(spot) ?? []))]
