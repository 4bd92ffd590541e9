import type { OwnerClaim, Tag } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { ownerClaim } from '#lib/people.ts'
import type { ModelRecord } from './port.ts'

/** Who answers for a model by its tags, people and teams by their configured names; null: nothing says so. */
export function ownersOf({ tags }: ModelRecord, { tags: meaning, people }: Config): OwnerClaim[] | null {
  const claims = [
    ...claim(tags, meaning.owner, people, 'UNKNOWN'),
    // The same team in both is one owner.
    ...claim(tags, meaning.team, people, 'TEAM'),
  ]
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
