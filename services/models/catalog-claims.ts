import type { Logger } from 'pino'
import type { Incomplete, Link, OwnerClaim, Tag } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { ownerClaim, uniqueOwners } from '#lib/people.ts'
import { type SourceRecord, sourceRecord } from '#lib/reading.ts'
import { Snapshot } from '#lib/snapshot.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import type { ModelClaimList, ModelClaimRecord, ModelClaimsPort } from './port.ts'
import { indexOfModels, type ModelEntry, type RegistryIndex, withClaims } from './registry-index.ts'

/** One catalog that says something of models. */
export interface ClaimSource {
  readonly id: string
  readonly source: SourceRecord
  readonly connected: ConnectedSource<ModelClaimsPort>
  readonly index: Snapshot<ClaimIndex>
  close(): Promise<void>
}

/** Everything that one catalog says of models, by the names that they may have in a registry. */
export interface ClaimIndex {
  readonly from: ClaimSource
  readonly byName: ReadonlyMap<string, readonly ModelClaimRecord[]>
  readonly fetchedAt: Date
  /** What is not in it, since there is more than may be held. */
  readonly incomplete: readonly Incomplete[]
}

/** What one catalog says of one model. */
export interface ClaimEntry {
  /** Id of the source. */
  readonly source: string
  /** What was read, to tell how old it is. */
  readonly from: { readonly source: SourceRecord; readonly index: Pick<Snapshot<unknown>, 'age'> }
  readonly name: string
  readonly description: string | null
  readonly owners: readonly OwnerClaim[] | null
  readonly domain: string | null
  readonly tags: readonly Tag[]
  /** Why it is held to speak of this model. A guess decides nothing. */
  readonly link: Link
  readonly fetchedAt: Date
}

/** Makes a connected catalog readable. */
export function createClaimSource(
  connected: ConnectedSource<ModelClaimsPort>,
  config: Config,
  log: Logger,
): ClaimSource {
  const { id, port, upstream } = connected
  const { maxDatasets, ...freshness } = config.index
  const list = connected.share('model-claims', (call) => port.claims(call, maxDatasets))
  const index = new Snapshot<ClaimIndex>({
    ...{ ...freshness, source: id, log },
    load: async (call) => {
      const { value, ...when } = await list(call)
      return { value: indexOfClaims(from, value, when.fetchedAt), ...when }
    },
  })
  const from: ClaimSource = {
    ...{ id, connected, index },
    source: sourceRecord('CatalogSource', connected),
    close: async () => {
      await index.close()
      await upstream.close()
    },
  }
  return from
}

function indexOfClaims(from: ClaimSource, { claims, truncated }: ModelClaimList, fetchedAt: Date): ClaimIndex {
  const named = claims.flatMap((claim) => claim.names.map((name) => ({ name, claim })))
  const groups = [...Map.groupBy(named, ({ name }) => name)]
  const message = `${from.id} has more models than may be held, so what it says of the others is missing: raise index.maxDatasets.`
  return {
    ...{ from, fetchedAt },
    byName: new Map(groups.map(([name, group]) => [name, group.map(({ claim }) => claim)])),
    incomplete: truncated ? [{ source: from.id, reason: 'TRUNCATED', message, count: null }] : [],
  }
}

/** Adds to the models of registries what catalogs say of them; made anew only when one of them was read anew. */
export function createDescriber(
  config: Config,
): (index: RegistryIndex, claims: readonly ClaimIndex[]) => RegistryIndex {
  const kept = new WeakMap<RegistryIndex, { claims: readonly ClaimIndex[]; described: RegistryIndex }>()
  return (index, claims) => {
    const known = kept.get(index)
    if (known && known.claims.length === claims.length && known.claims.every((one, i) => one === claims[i])) {
      return known.described
    }
    const models = index.models.map((model) => {
      const said = claims.flatMap((one) => claimsOn(model, one, config.people))
      return said.length === 0 ? model : withClaims(model, said)
    })
    const described = models.every((model, i) => model === index.models[i])
      ? index
      : indexOfModels(models, index.incomplete)
    kept.set(index, { claims, described })
    return described
  }
}

/** A registry that the configuration names counts; where it names none, the same name is a guess. */
function claimsOn(model: ModelEntry, { from, byName, fetchedAt }: ClaimIndex, people: Config['people']): ClaimEntry[] {
  const { name } = model.record
  const all = byName.get(name) ?? []
  const stated = all.filter(({ registry }) => registry === model.source)
  // A full name says more than the last part of another one.
  const exact = stated.filter((claim) => claim.names[0] === name)
  const counting = exact.length > 0 ? exact : stated
  const found = counting.length > 0 ? counting : all.filter(({ registry }) => registry === null)
  return found.map(({ basis, owners, ...claim }) => ({
    ...{ source: from.id, from, fetchedAt },
    ...{ name: claim.name, description: claim.description, domain: claim.domain, tags: claim.tags },
    owners: uniqueOwners(
      (owners ?? []).map((owner) => ownerClaim({ ...owner, evidence: `${from.id}: owner of ${claim.name}` }, people)),
    ),
    link: linkOf(from.id, basis, claim.registry),
  }))
}

function linkOf(source: string, basis: string, registry: string | null): Link {
  if (registry === null) {
    const evidence = `${source} has the ${basis}, and nothing says of which registry that is`
    return { method: 'GUESSED', confidence: 0.3, evidence }
  }
  const evidence = `${source} has the ${basis}, which the configuration says is one of ${registry}`
  return { method: 'MATCHED', confidence: 0.9, evidence }
}
