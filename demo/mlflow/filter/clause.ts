import { invalid } from '../problem.ts'
import { isMlflow3, type MlflowVersion } from '../version.ts'
import type { Value } from './compare.ts'
import type { Token } from './tokens.ts'
import { textList } from './values.ts'

/** What a condition is about. */
export type Kind = 'attribute' | 'tag' | 'parameter' | 'metric' | 'dataset'

/** One condition, understood and allowed. */
export interface Clause {
  kind: Kind
  key: string
  comparator: string
  value: Value
}

export const TEXT_COMPARATORS = ['=', '!=', 'LIKE', 'ILIKE']
export const NUMBER_COMPARATORS = ['>', '>=', '!=', '=', '<', '<=']

/**
 * The list of an IN condition on an attribute. MLflow 3 allows it for `keys`; MLflow 2 for run_id alone, and there drops
 * every id that Python's `islower` is false for: one with a capital, or of digits only.
 */
export function attributeList(version: MlflowVersion, key: string, keys: readonly string[], token: Token): Value {
  if (isMlflow3(version)) {
    if (keys.includes(key)) return textList(token)
    const names = keys.map((name) => `'${name}'`).join(', ')
    throw invalid(`Only [${names}] attributes support comparison with a list of quoted string values.`)
  }
  if (key === 'run_id') return textList(token).filter((id) => id !== id.toUpperCase() && id === id.toLowerCase())
  throw invalid("Only the 'run_id' attribute supports comparison with a list of quoted string values.")
}
