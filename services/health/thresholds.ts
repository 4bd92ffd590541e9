import type { Config } from '#lib/config/schema.ts'
import { ReaderError } from '#lib/reader-error.ts'
import { type Overrides, parameterType, parameterValue } from '#lib/rules/parameters.ts'
import type { Rule } from '#lib/rules/rule.ts'

/** The thresholds of the configuration for a rule and a subject. */
export type Thresholds = (rule: Rule, subject: string) => Overrides

/** Reads the thresholds of the configuration. Throws, for the reader, on what no rule has. */
export function createThresholds({ parameters }: Config['health'], rules: readonly Rule[]): Thresholds {
  for (const [i, { rule: id, set }] of parameters.entries()) {
    const at = `health.parameters[${i}]`
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
