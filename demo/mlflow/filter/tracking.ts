import { invalid } from '../problem.ts'
import { setOf } from '../python.ts'
import { isMlflow3, type MlflowVersion } from '../version.ts'
import { attributeList, type Clause, type Kind, NUMBER_COMPARATORS, TEXT_COMPARATORS } from './clause.ts'
import type { Value } from './compare.ts'
import { type Comparison, comparisons } from './comparisons.ts'
import type { Token } from './tokens.ts'
import { bareKey, quotedText, textList } from './values.ts'

/** Which attributes a search of the tracking server knows. */
export interface TrackingSearch {
  attributes: readonly string[]
  numbers: readonly string[]
  /** Attributes that MLflow 3 compares with a list. */
  lists: readonly string[]
}

export const RUNS: TrackingSearch = {
  attributes: ['run_id', 'run_name', 'status', 'artifact_uri', 'user_id', 'start_time', 'end_time'],
  numbers: ['start_time', 'end_time'],
  lists: ['run_id'],
}

/** What a search for experiments knows: in MLflow 3 also their ids. */
export function experimentSearch(version: MlflowVersion): TrackingSearch {
  const ids = isMlflow3(version) ? ['experiment_id'] : []
  const numbers = ['creation_time', 'last_update_time']
  return { attributes: ['name', ...ids, ...numbers], numbers, lists: ids }
}

const ENTITIES: Readonly<Record<string, Kind>> = {
  ...{ metric: 'metric', metrics: 'metric', parameter: 'parameter', parameters: 'parameter', param: 'parameter' },
  ...{ params: 'parameter', tag: 'tag', tags: 'tag', attribute: 'attribute', attr: 'attribute' },
  ...{ attributes: 'attribute', run: 'attribute', dataset: 'dataset', datasets: 'dataset' },
}
const DATASET_KEYS = ['context', 'name', 'digest']

/** The conditions of a search for runs or experiments. Throws what MLflow answers to one it does not allow. */
export function trackingClauses(filter: string, search: TrackingSearch, version: MlflowVersion): readonly Clause[] {
  return comparisons(filter, (piece) => `'${piece}'`).map((comparison) => clause(comparison, search, version))
}

/** What an identifier such as `params."learning rate"` or `start_time` is about. */
export function identify(identifier: string, attributes: readonly string[]): { kind: Kind; key: string } {
  const dot = identifier.indexOf('.')
  const entity = dot < 0 ? 'attribute' : bareKey(identifier.slice(0, dot))
  const key = bareKey(identifier.slice(dot + 1))
  const kind = Object.hasOwn(ENTITIES, entity) ? ENTITIES[entity] : undefined
  if (!kind) {
    throw invalid(
      `Invalid entity type '${entity}'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']`,
    )
  }
  const valid = kind === 'attribute' ? attributes : kind === 'dataset' ? DATASET_KEYS : undefined
  if (valid && !valid.includes(key)) {
    throw invalid(`Invalid ${kind} key '${key}' specified. Valid keys are '${setOf(valid)}'`)
  }
  return { kind, key }
}

function clause({ left, comparator, right }: Comparison, search: TrackingSearch, version: MlflowVersion): Clause {
  const { kind, key } = identify(left, search.attributes)
  const value = valueFrom(kind, key, right, search, version)
  const isNumber = kind === 'metric' || (kind === 'attribute' && search.numbers.includes(key))
  const lists = kind === 'dataset' || (kind === 'attribute' && search.lists.length > 0) ? ['IN', 'NOT IN'] : []
  const allowed = isNumber ? NUMBER_COMPARATORS : [...TEXT_COMPARATORS, ...lists]
  if (!allowed.includes(comparator)) throw invalid(`Invalid comparator '${comparator}' not one of '${setOf(allowed)}'`)
  return { kind, key, comparator, value }
}

function valueFrom(kind: Kind, key: string, right: Token, search: TrackingSearch, version: MlflowVersion): Value {
  const isText = right.kind === 'text' || right.kind === 'identifier'
  if (kind === 'metric') {
    if (right.kind === 'number') return Number(right.text)
    throw invalid(`Expected numeric value type for metric. Found ${right.text}`)
  }
  if (kind === 'attribute' && search.numbers.includes(key)) {
    if (right.kind === 'number') return Number(right.text)
    throw invalid(`Expected numeric value type for numeric attribute: ${key}. Found ${right.text}`)
  }
  if (isText) return quotedText(right)
  if (kind === 'dataset') {
    if (right.kind === 'list') return textList(right)
    throw invalid(`Expected a quoted string value for dataset attributes. Got value ${right.text}`)
  }
  if (kind === 'attribute') {
    if (right.kind === 'list') return attributeList(version, key, search.lists, right)
    throw invalid(`Expected a quoted string value for attributes. Got value ${right.text}`)
  }
  throw invalid(`Expected a quoted string value for ${kind} (e.g. 'my-value'). Got value ${right.text}`)
}
