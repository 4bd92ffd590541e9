import { invalid, MlflowProblem } from '../problem.ts'
import { repr } from '../python.ts'
import type { Clause, Kind } from './clause.ts'
import { type Comparison, comparisons } from './comparisons.ts'
import { textList } from './values.ts'

const ENTITIES: Readonly<Record<string, Kind>> = {
  ...{ attributes: 'attribute', metrics: 'metric', params: 'parameter', tags: 'tag' },
}
const ALIASES: Readonly<Record<string, string>> = {
  creation_time: 'creation_timestamp_ms',
  creation_timestamp: 'creation_timestamp_ms',
  last_updated_timestamp: 'last_updated_timestamp_ms',
}
const NUMBER_COMPARATORS = ['<', '<=', '>', '>=', '=', '!=']
const TEXT_COMPARATORS = ['=', '!=', 'LIKE', 'ILIKE', 'IN', 'NOT IN']
const NUMBERS = ['creation_timestamp_ms', 'last_updated_timestamp_ms']
const ATTRIBUTES = ['model_id', 'experiment_id', 'name', 'model_type', 'status', 'source_run_id', ...NUMBERS]

/** The conditions of a search for logged models, whose parser in MLflow is another, and laxer. */
export function loggedModelClauses(filter: string): readonly Clause[] {
  let found: readonly Comparison[]
  try {
    found = comparisons(filter, (piece) => piece)
  } catch {
    throw invalid(
      `Invalid filter string: ${repr(filter)}. Expected a list of comparisons separated by 'AND' (e.g. 'metrics.loss > 0.1 AND params.lr = 0.01').`,
    )
  }
  return found.map(clause)
}

function clause({ left, comparator, right }: Comparison): Clause {
  const [, entity = 'attributes', rest] = /^([a-z]+)\.(.+)$/s.exec(left) ?? []
  const kind = Object.hasOwn(ENTITIES, entity) ? ENTITIES[entity] : undefined
  if (!kind) {
    const known = Object.keys(ENTITIES).map((name) => `'${name}'`)
    throw invalid(`Invalid entity type: '${entity}'. Expected one of [${known.join(', ')}].`)
  }
  const key = rest === undefined ? (ALIASES[left] ?? left) : rest.replace(/^`+|`+$/g, '')
  const isNumber = kind === 'metric' || (kind === 'attribute' && NUMBERS.includes(key))
  const allowed = isNumber ? NUMBER_COMPARATORS : TEXT_COMPARATORS
  if (!allowed.includes(comparator)) {
    const shown = allowed.map((name) => `'${name}'`).join(', ')
    throw invalid(`Invalid comparison operator for ${entity}.${key}: '${comparator}'. Expected one of (${shown}).`)
  }
  if (kind === 'attribute' && !ATTRIBUTES.includes(key)) {
    throw new MlflowProblem('INTERNAL_ERROR', `type object 'SqlLoggedModel' has no attribute '${key}'`)
  }
  const bare = right.text.replace(/^'+|'+$/g, '')
  return {
    kind,
    key,
    comparator,
    value: isNumber ? Number(right.text) : right.kind === 'list' ? textList(right) : bare,
  }
}
