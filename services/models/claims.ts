import type { OwnerClaim, Tag } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { ownerClaim } from '#lib/people.ts'
import type { ClaimEntry } from './catalog-claims.ts'
import type { ModelEntry } from './registry-index.ts'
import type { ModelDisagreement } from './schema.generated.ts'

/** What is known of a model: its tags, and what catalogs say. */
type Described = Pick<ModelEntry, 'claims'> & { readonly record: Pick<ModelEntry['record'], 'tags' | 'description'> }

/** What catalogs say that are known to speak of this model: a guess decides nothing. */
const counting = ({ claims }: Described) => claims.filter(({ link }) => link.method !== 'GUESSED')

/** What the first catalog that tells says; null: none does. */
function firstTold<T>(model: Described, told: (claim: ClaimEntry) => T | null): T | null {
  return (
    counting(model)
      .map(told)
      .find((value) => value !== null) ?? null
  )
}

/** Who answers for a model: by its tags, else by the first catalog that tells; null: nothing says so. */
export function ownersOf(model: Described, config: Config): readonly OwnerClaim[] | null {
  return ownersByTags(model.record, config) ?? firstTold(model, ({ owners }) => owners)
}

/** Its domain: by its tags, else by the first catalog that tells; null: nothing says so. */
export function domainOf(model: Described, config: Config): string | null {
  return tagValue(model.record.tags, config.tags.domain) ?? firstTold(model, ({ domain }) => domain)
}

/** What the registry says it is, else the first catalog that tells; null: nothing does. */
export function descriptionOf(model: Described): string | null {
  return model.record.description || firstTold(model, ({ description }) => description)
}

/** Where the registry and catalogs say different things. Case and order do not count. */
export function disagreementsOf(model: Described & Pick<ModelEntry, 'source'>, config: Config): ModelDisagreement[] {
  const { record, source } = model
  const domain = tagValue(record.tags, config.tags.domain)
  const names = (owners: readonly OwnerClaim[] | null) => owners?.map(({ name }) => name) ?? null
  const told = [
    { sourceId: source, OWNERS: names(ownersByTags(record, config)), DOMAIN: domain === null ? null : [domain] },
    ...counting(model).map((claim) => ({
      sourceId: claim.source,
      OWNERS: names(claim.owners),
      DOMAIN: claim.domain === null ? null : [claim.domain],
    })),
  ]
  return (['OWNERS', 'DOMAIN'] as const).flatMap((field) => {
    const statements = told.flatMap(({ sourceId, [field]: words }) =>
      words === null ? [] : [{ sourceId, value: words.toSorted().join(', ') }],
    )
    const different = new Set(statements.map(({ value }) => value.toLowerCase())).size > 1
    return different ? [{ field, told: statements }] : []
  })
}

/** Who answers for a model by its tags, people and teams by their configured names; null: none says so. */
export function ownersByTags(
  { tags }: Described['record'],
  { tags: meaning, people }: Pick<Config, 'tags' | 'people'>,
): OwnerClaim[] | null {
  // The same team in both is one owner: the claim of the team counts.
  const claims = [...claim(tags, meaning.owner, people, 'UNKNOWN'), ...claim(tags, meaning.team, people, 'TEAM')]
  const unique = [...new Map(claims.map((one) => [one.name, one])).values()]
  return unique.length === 0 ? null : unique
}

function claim(
  tags: readonly Tag[],
  keys: readonly string[],
  people: Config['people'],
  kind: OwnerClaim['kind'],
): OwnerClaim[] {
  const tag = firstTag(tags, keys)
  if (!tag) return []
  return [ownerClaim({ name: tag.value, kind, evidence: `tag ${tag.key} = ${tag.value}` }, people)]
}

/** The value of the first configured tag that is set; null: none is. */
export const tagValue = (tags: readonly Tag[], keys: readonly string[]): string | null =>
  firstTag(tags, keys)?.value ?? null

function firstTag(tags: readonly Tag[], keys: readonly string[]): { key: string; value: string } | undefined {
  for (const key of keys) {
    const value = tags.find((tag) => tag.key === key)?.value
    if (value) return { key, value }
  }
  return undefined
}
