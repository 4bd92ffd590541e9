import { ReaderError } from '../reader-error.ts'
import { type Overrides, type ParameterValue, parameterType, parameterValue } from './parameters.ts'
import type { Rule } from './rule.ts'

/** The thresholds of the configuration for a rule and a subject. */
export type Thresholds = (rule: Rule, subject: string) => Overrides

/** Thresholds of one rule, for some things or for all, as the configuration states them. */
export interface ConfiguredThresholds {
  readonly rule: string
  readonly subjects?: readonly string[] | undefined
  readonly set: Readonly<Record<string, ParameterValue>>
}

/**
 * Reads the thresholds of the configuration; `section`: where they stand in it. Throws, for the reader, on what no rule has.
 */
export function createThresholds(
  section: string,
  parameters: readonly ConfiguredThresholds[],
  rules: readonly Rule[],
): Thresholds {
  for (const [i, { rule: id, set }] of parameters.entries()) {
    const at = `${section}.parameters[${i}]`
    const rule = rules.find((one) => one.id === id)
    if (!rule) throw new ReaderError(`${at}.rule: found ${id}, expected one of: ${list(rules.map((one) => one.id))}`)
    for (const [name, value] of Object.entries(set)) {
      const parameter = Object.hasOwn(rule.parameters, name) ? rule.parameters[name] : undefined
      if (!parameter) {
        throw new ReaderError(`${at}.set: found ${name}, expected one of: ${list(Object.keys(rule.parameters))}`)
      }
      if (parameterValue(parameter, value) === undefined) {
        throw new ReaderError(`${at}.set.${name}: found ${value}, expected ${parameterType(parameter)}`)
      }
    }
  }
  return ({ id }, subject) =>
    Object.assign(
      {},
      ...parameters
        .filter(({ rule, subjects }) => rule === id && (subjects?.includes(subject) ?? true))
        .map(({ set }) => set),
    )
}

const list = (names: readonly string[]) => names.join(', ') || '(none)'
