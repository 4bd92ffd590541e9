import type { Caller } from './caller.ts'
import type { Incomplete, Tag } from './common.generated.ts'
import type { Config } from './config/schema.ts'

/** What decides who may see a record. What is absent meets no condition. */
export interface Guarded {
  /** Id of the source it comes from. */
  readonly source: string
  readonly domain?: string | null
  /** Names. */
  readonly owners?: readonly string[]
  readonly tags?: readonly Tag[]
}

/** What all callers see to whom the same rules apply. One object for all of them, so views can be kept by it. */
export interface Scope {
  sees(record: Guarded): boolean
}

/**
 * The rules of the configuration, asked at every exit of a port: list, by key, reference, link target, count. Every
 * subgraph makes its own of the configuration it has, so that the rules hold wherever it runs.
 */
export interface Access {
  visible(caller: Caller, record: Guarded): boolean
  /** What a caller may see of some records, and the rest as one entry per source that counts it. */
  visibleOf<T extends Guarded>(
    caller: Caller,
    records: readonly T[],
  ): { seen: readonly T[]; incomplete: readonly Incomplete[] }
  scopeOf(caller: Caller): Scope
}

type Rule = NonNullable<Config['access']>[number]

const everything: Scope = { sees: () => true }

/** Without rules, everybody sees everything. */
export function createAccess(rules: Config['access']): Access {
  const scopes = new Map<string, Scope>()

  function scopeOf({ roles }: Caller): Scope {
    if (!rules || roles.includes('admin')) return everything
    const own = rules.filter((rule) => rule.roles.some((role) => roles.includes(role)))
    const key = own.map((rule) => rules.indexOf(rule)).join()
    const scope = scopes.get(key) ?? { sees: (record) => own.some(({ see }) => fits(see, record)) }
    scopes.set(key, scope)
    return scope
  }
  return {
    scopeOf,
    visible: (caller, record) => scopeOf(caller).sees(record),
    visibleOf(caller, records) {
      const scope = scopeOf(caller)
      if (scope === everything) return { seen: records, incomplete: [] }
      const { sees } = scope
      const { seen = [], hidden = [] } = Object.groupBy(records, (record) => (sees(record) ? 'seen' : 'hidden'))
      const bySource = Map.groupBy(hidden, ({ source }) => source)
      return { seen, incomplete: [...bySource].flatMap(([source, { length }]) => hiddenFrom(source, length)) }
    },
  }
}

/** What is missing because the caller may not see so much of a source; nothing where that is none. */
export function hiddenFrom(source: string, count: number): Incomplete[] {
  if (count === 0) return []
  const message = `You may not see ${count} of what ${source} has here: ask for a role that may.`
  return [{ source, reason: 'FORBIDDEN', message, count }]
}

/** Whether all conditions hold; of the values of one condition, one is enough. */
function fits(see: Rule['see'], { source, domain, owners = [], tags = [] }: Guarded): boolean {
  if (see === 'all') return true
  return (
    (see.sources?.includes(source) ?? true) &&
    (see.domains?.some((one) => one === domain) ?? true) &&
    (see.owners?.some((one) => owners.includes(one)) ?? true) &&
    (see.tags?.some(({ key, value }) => tags.some((tag) => tag.key === key && (value ?? tag.value) === tag.value)) ??
      true)
  )
}
