import { invalid } from '../problem.ts'
import { repr, setOf } from '../python.ts'
import { isMlflow3, type MlflowVersion } from '../version.ts'
import { attributeList, type Clause, NUMBER_COMPARATORS, TEXT_COMPARATORS } from './clause.ts'
import type { Value } from './compare.ts'
import { type Comparison, comparisons } from './comparisons.ts'
import type { Token } from './tokens.ts'
import { bareKey, quotedText } from './values.ts'

/** Which of the registry's two searches. */
export type RegistrySearch = 'models' | 'versions'

const ATTRIBUTES: Record<RegistrySearch, readonly string[]> = {
  models: ['name'],
  versions: ['source_path', 'name', 'version_number', 'run_id'],
}
const LISTS: Record<RegistrySearch, readonly string[]> = { models: ['name'], versions: ['name', 'run_id'] }
const NUMBERS = ['version_number', 'creation_timestamp', 'last_updated_timestamp']

/** The conditions of a search for registered models or versions. Throws what MLflow answers to one it does not allow. */
export function registryClauses(filter: string, search: RegistrySearch, version: MlflowVersion): readonly Clause[] {
  return comparisons(filter, (piece) => piece).map((comparison) => clause(comparison, search, version))
}

function clause({ left, comparator, right }: Comparison, search: RegistrySearch, version: MlflowVersion): Clause {
  const dot = left.indexOf('.')
  const [entity, key] = dot < 0 ? ['attribute', left] : [left.slice(0, dot), left.slice(dot + 1)]
  if (!['attribute', 'tag', 'tags'].includes(entity)) {
    throw invalid(`Invalid entity type '${entity}'. Valid entity types are ('attribute', 'tag', 'tags')`)
  }
  if (entity !== 'attribute') return tagClause(bareKey(key), comparator, right)
  if (!ATTRIBUTES[search].includes(key)) {
    throw invalid(`Invalid attribute key '${key}' specified. Valid keys are '${setOf(ATTRIBUTES[search])}'`)
  }
  const value = attributeValue(key, right, search, version)
  checkAttribute(key, comparator, value, search, version)
  return { kind: 'attribute', key, comparator, value: key === 'version_number' ? Number(value) : value }
}

function tagClause(key: string, comparator: string, right: Token): Clause {
  if (right.kind !== 'text' && right.kind !== 'identifier') {
    throw invalid(`Expected a quoted string value for tag (e.g. 'my-value'). Got value ${right.text}`)
  }
  const value = quotedText(right)
  if (!TEXT_COMPARATORS.includes(comparator)) throw invalid(`Invalid comparator for tag: ${comparator}`)
  return { kind: 'tag', key, comparator, value }
}

function attributeValue(key: string, right: Token, search: RegistrySearch, version: MlflowVersion): Value {
  if (right.kind === 'text' || right.kind === 'identifier') return quotedText(right)
  if (right.kind === 'list') return attributeList(version, key, LISTS[search], right)
  if (right.kind === 'number' && search === 'versions') {
    if (NUMBERS.includes(key)) return Number(right.text)
    throw invalid(`Only the '${setOf(NUMBERS)}' attributes support comparison with numeric values.`)
  }
  throw invalid(
    `Expected a quoted string value or a list of quoted string values for attributes. Got value ${right.text}`,
  )
}

function checkAttribute(
  key: string,
  comparator: string,
  value: Value,
  search: RegistrySearch,
  version: MlflowVersion,
): void {
  if (key === 'version_number') {
    if (!NUMBER_COMPARATORS.includes(comparator)) {
      throw invalid(`Invalid comparator for attribute ${key}: ${comparator}`)
    }
    if (isMlflow3(version) && !Number.isInteger(value)) {
      const shown = typeof value === 'string' ? repr(value) : value
      throw invalid(`Invalid value for numeric attribute 'version_number': ${shown}`)
    }
    return
  }
  const lists = isMlflow3(version) ? ['IN', 'NOT IN'] : search === 'versions' ? ['IN'] : []
  if (![...TEXT_COMPARATORS, ...lists].includes(comparator)) {
    throw invalid(`Invalid comparator for attribute: ${comparator}`)
  }
}
