import type { OwnerClaim } from './common.generated.ts'
import type { Config } from './config/schema.ts'

/** Who answers for something, by their configured name where `people` knows what the tool calls them. */
export function ownerClaim(
  { name, kind, evidence, active }: Omit<OwnerClaim, 'active'> & { readonly active?: boolean | null },
  people: Config['people'],
): OwnerClaim {
  const known = people.find((one) => [one.id, one.name, ...Object.values(one.logins).flat()].includes(name))
  const told = { evidence, active: active ?? null }
  if (!known) return { name, kind, ...told }
  return { name: known.name, kind: known.kind === 'team' ? 'TEAM' : 'PERSON', ...told }
}

/** One claim for each owner, the first; null: there is none. */
export function uniqueOwners(claims: readonly OwnerClaim[]): OwnerClaim[] | null {
  const byName = new Map<string, OwnerClaim>()
  for (const claim of claims) if (!byName.has(claim.name)) byName.set(claim.name, claim)
  return byName.size === 0 ? null : [...byName.values()]
}
