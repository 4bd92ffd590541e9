import type { OwnerClaim, Tag } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { ownerClaim, uniqueOwners } from '#lib/people.ts'
import type { ApplicationRecord, ColumnRecord } from './port.ts'

/** What a record of a catalog says itself: of a dataset, or of an application. */
type Claiming = Pick<ApplicationRecord, 'domain' | 'deprecated' | 'owners' | 'classifications' | 'tags'>

/** What a catalog's record says once its tags are read as the configuration has it. */
export interface Claims {
  readonly owners: readonly OwnerClaim[] | null
  readonly domain: string | null
  readonly classifications: readonly string[]
  /** null: nothing says so. */
  readonly deprecated: boolean | null
}

/** Tags and properties by what they mean; people and teams by their configured names. */
export function claimsOf(record: Claiming, { tags: meaning, people }: Config): Claims {
  const { owners, tags, classifications } = record
  const named = [
    ...(owners ?? []),
    ...tagged(tags, meaning.owner).map((tag) => ({ ...tag, kind: 'UNKNOWN' as const })),
    ...tagged(tags, meaning.team).map((tag) => ({ ...tag, kind: 'TEAM' as const })),
  ]
  const deprecated = meaning.deprecated.flatMap((key) => tags.filter((tag) => tag.key === key))[0]
  return {
    owners: uniqueOwners(named.map((owner) => ownerClaim(owner, people))),
    domain: record.domain ?? tagged(tags, meaning.domain)[0]?.name ?? null,
    classifications: classified(classifications, tags, meaning),
    deprecated: record.deprecated ?? (deprecated ? !isFalse(deprecated) : null),
  }
}

/** What kind of data a column holds. */
export function columnClassifications(column: ColumnRecord, { tags }: Config): string[] {
  return classified(column.classifications, column.tags, tags)
}

/** Words without repetition, whatever their case: the first spelling stays. */
export function uniqueWords(words: readonly string[]): string[] {
  return [...new Map(words.toReversed().map((word) => [word.toLowerCase(), word])).values()].reverse()
}

function classified(words: readonly string[], tags: readonly Tag[], meaning: Config['tags']): string[] {
  const flags = new Set(meaning.classified.map((key) => key.toLowerCase()))
  return uniqueWords([
    ...words,
    ...tags.filter((tag) => flags.has(tag.key.toLowerCase()) && !isFalse(tag)).map(({ key }) => key),
    ...tagged(tags, meaning.classification).map(({ name }) => name),
  ])
}

/** The first of the tags with these keys that has a value. */
function tagged(tags: readonly Tag[], keys: readonly string[]): { name: string; evidence: string }[] {
  const found = keys.flatMap((key) => tags.filter((tag) => tag.key === key && tag.value))
  return found.slice(0, 1).map(({ key, value }) => ({ name: value ?? '', evidence: `tag ${key} = ${value}` }))
}

const isFalse = ({ value }: Tag): boolean => ['false', 'no', '0'].includes(value?.toLowerCase() ?? '')
