import type { Incomplete, OwnerClaim } from '#lib/common.generated.ts'
import { makeId, parseId } from '#lib/ids.ts'
import type { Told } from './answer.ts'
import type { LineageSchema } from './edges.ts'
import { unique, type Walked, type WalkedNode } from './walk.ts'

/** What impact asks of things beside their steps: who owns them, and whether a version counts. */
export function impactFields({ entities, hasOwners }: LineageSchema): Readonly<Record<string, string>> {
  const owned = [...entities].filter(hasOwners).map((type) => [type, OWNERS] as const)
  return { ...Object.fromEntries(owned), ...FIELDS }
}

const OWNERS = 'owners { name kind evidence active }'
/** Who could know owners of a model that nobody else tells. */
const CLAIMS = 'claims { incomplete { source reason message count } }'

const FIELDS: Readonly<Record<string, string>> = {
  Model: `${OWNERS} ${CLAIMS} champion { id } served { nodes { version } incomplete { source reason message count } }`,
  ModelVersion: `model { id champion { id } ${OWNERS} ${CLAIMS} } servedBy { nodes { servedModel { id } } incomplete { reason } }`,
}

/** What stands on a thing, by what it is. */
export interface ImpactRecord {
  readonly root: string
  readonly versions: readonly WalkedNode[]
  readonly models: readonly WalkedNode[]
  readonly endpoints: readonly WalkedNode[]
  readonly others: readonly WalkedNode[]
  readonly retiredVersions: number
  readonly undecidedVersions: number
  readonly owners: readonly OwnerClaim[]
  readonly incomplete: readonly Incomplete[]
}

/** Whether a version is in use; `undecided`: nobody who answered uses it, and not everybody answered. */
type Use = 'used' | 'retired' | 'undecided'

/** A version is in use where the registry calls it champion, or something serves it. */
function useOf(id: string, fields: WalkedNode['fields']): Use {
  const { model, servedBy } = fields as { model?: ModelFields; servedBy?: ServedByFields | null }
  if (model?.champion?.id === id || (servedBy?.nodes.length ?? 0) > 0) return 'used'
  return servedBy && servedBy.incomplete.length === 0 ? 'retired' : 'undecided'
}

/** Whether what stands behind a thing is hit by way of it. */
export const inUse = (id: string, { fields }: Told): boolean =>
  !id.startsWith('ModelVersion:') || useOf(id, fields) === 'used'

/** The versions of a model that a break of it hits: its champion, and what is served of it. */
export function versionsInUse(model: string, { fields }: Told): string[] {
  const { champion, served } = fields as {
    champion?: { id: string } | null
    served?: { nodes: { version: string | null }[] } | null
  }
  const [source = '', name = ''] = parseId(model)?.parts ?? []
  const versions = (served?.nodes ?? []).flatMap(({ version }) =>
    version === null ? [] : [makeId('ModelVersion', source, name, version)],
  )
  return [...new Set([...(champion ? [champion.id] : []), ...versions])]
}

/** Sorts what a walk found into what is hit. The thing itself is not among it. */
export function impactOf(root: string, { nodes, incomplete }: Walked): ImpactRecord {
  const hit = nodes.filter(({ id }) => id !== root)
  const versions = hit.filter(({ type }) => type === 'ModelVersion')
  const { used = [], retired = [], undecided = [] } = Object.groupBy(versions, ({ id, fields }) => useOf(id, fields))
  const of = (...types: string[]) => hit.filter(({ type }) => types.includes(type))
  const others = hit.filter(({ type }) => !['ModelVersion', 'Model', 'Endpoint', 'ServedModel'].includes(type))
  const counting = nodes.filter((node) => !versions.includes(node) || used.includes(node))
  return {
    ...{ root, versions: used, models: of('Model'), endpoints: of('Endpoint', 'ServedModel'), others },
    ...{ retiredVersions: retired.length, undecidedVersions: undecided.length },
    owners: ownersOf(counting),
    incomplete: unique([...incomplete, ...nodes.flatMap((node) => node.incomplete), ...counting.flatMap(silentOwners)]),
  }
}

interface ModelFields {
  readonly champion?: { readonly id: string } | null
  readonly owners?: readonly OwnerClaim[] | null
  readonly claims?: { readonly incomplete: readonly Incomplete[] } | null
}

interface ServedByFields {
  readonly nodes: readonly unknown[]
  readonly incomplete: readonly unknown[]
}

/** Catalogs that could name an owner where nobody else does: null of `owners` means nobody only without them. */
function silentOwners({ fields }: WalkedNode): readonly Incomplete[] {
  const { model, ...own } = fields as ModelFields & { readonly model?: ModelFields }
  return [own, ...(model ? [model] : [])].flatMap(({ owners, claims }) => (owners ? [] : (claims?.incomplete ?? [])))
}

function ownersOf(nodes: readonly WalkedNode[]): OwnerClaim[] {
  const claims = nodes.flatMap(({ fields }) => {
    const { owners, model } = fields as { owners?: readonly OwnerClaim[] | null; model?: ModelFields }
    return [...(owners ?? []), ...(model?.owners ?? [])]
  })
  return [...new Map(claims.map((claim) => [claim.name, claim])).values()]
}
