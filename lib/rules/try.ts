import { answerErrors } from './answer.ts'
import type { Raw } from './facts.ts'
import type { RuleFile, RuleTest } from './file.ts'
import { unaccounted } from './missing.ts'
import type { Rule } from './rule.ts'
import type { FactField, Shape } from './shape.ts'

/** Where the subject of a test stands in its answer. */
const ROOT = 'subject'

/** Steps from the subject to a fact, by the rule's names. */
type Steps = readonly (string | number)[]

/**
 * Runs the tests within a rule's file and tells what fails, in words. Beyond the tests that are written: outcomes that no
 * test shows, and every fact of every passing test missing in turn, which may leave PASS or make it UNKNOWN, never FAIL.
 */
export function tryRule(rule: Rule, { tests, pass }: Pick<RuleFile, 'tests' | 'pass'>): string[] {
  const wanted = pass.trim() === 'true' ? ['PASS', 'UNKNOWN'] : ['PASS', 'FAIL', 'UNKNOWN']
  const untested = wanted.filter((outcome) => !tests.some((test) => test.outcome === outcome))
  return [
    ...untested.map((outcome) => `no test has the outcome ${outcome}`),
    ...tests.flatMap((test) => tryOne(rule, test).map((problem) => `"${test.name}": ${problem}`)),
  ]
}

function tryOne(rule: Rule, test: RuleTest): string[] {
  const misfits = misfitsOf(test.given, rule.shape, '')
  if (misfits.length > 0) return misfits
  const { outcome, message } = judged(rule, test, [])
  if (outcome !== test.outcome) return [`found ${outcome}, expected ${test.outcome}: ${message}`]
  if (outcome !== 'PASS') return []
  return factsOf(test.given, rule.shape).flatMap((steps) => {
    const without = judged(rule, test, [steps]).outcome
    return without === 'PASS' || without === 'UNKNOWN' ? [] : [`without ${pathOf(steps)} it is ${without}, not UNKNOWN`]
  })
}

function judged(rule: Rule, test: RuleTest, holes: readonly Steps[]) {
  const raw = rawOf(test.given, rule.shape)
  const missing = [...test.missing.map(stepsOf), ...holes]
  for (const steps of missing) change(raw, rule.shape, steps, (record, key) => Object.assign(record, { [key]: null }))
  for (const path of test.incomplete) {
    change(raw, rule.shape, stepsOf(path), (record, key) => {
      const value = record[key]
      if (typeof value === 'object' && value !== null) {
        Object.assign(value, { incomplete: unaccounted('DOWN', 'A source did not answer.') })
      }
    })
  }
  const errors = missing.map((steps) => ({
    message: 'A source did not answer.',
    path: [ROOT, ...keysOf(rule.shape, steps)],
  }))
  return rule.judge({
    ...{ raw, at: ROOT, errors: answerErrors(errors, ROOT), now: new Date(test.now) },
    overrides: test.parameters,
  })
}

/** What of `given` is not in the facts, and what of the facts is not given. */
function misfitsOf(given: unknown, shape: Shape, path: string): string[] {
  if (!isRecord(given)) return [`given: found no record at ${path || 'the top'}`]
  const unknown = Object.keys(given).filter((name) => !shape.fields.has(name))
  return [
    ...unknown.map((name) => `given: ${path}${name} is not among the facts`),
    ...[...shape.fields].flatMap(([name, field]) => {
      const value = given[name]
      if (value === undefined) return [`given: ${path}${name} is missing; write null where there is none`]
      if (value === null) return []
      if (field.list && !Array.isArray(value)) return [`given: ${path}${name} has to be a list`]
      const { shape: inner } = field
      return inner ? elementsOf(value).flatMap((one) => misfitsOf(one, inner, `${path}${name}.`)) : []
    }),
  ]
}

/** The record as the graph would answer it. */
function rawOf(given: unknown, shape: Shape): Record<string, unknown> {
  const record: Record<string, unknown> = { ...(shape.tellsIncomplete && { incomplete: [] }), tags: [], labels: [] }
  for (const [name, { key, shape: inner, unless }] of shape.fields) {
    const value = (given as Raw)[name]
    if (unless !== undefined) record[unless] ??= { incomplete: [] }
    const convert = (one: unknown) => (inner && one !== null ? rawOf(one, inner) : one)
    record[key] = Array.isArray(value) ? value.map(convert) : convert(value)
  }
  return record
}

/** Every fact that is given, and every record and list on the way to it. */
function factsOf(given: unknown, shape: Shape): Steps[] {
  return [...shape.fields].flatMap(([name, { shape: inner, list }]) => {
    const value = (given as Raw)[name]
    if (value === null || value === undefined) return []
    const below = inner
      ? elementsOf(value).flatMap((one, i) => factsOf(one, inner).map((rest) => [name, ...(list ? [i] : []), ...rest]))
      : []
    return [[name], ...below]
  })
}

/** Changes the value at some steps within a record; what is not there is left alone. */
function change(
  raw: Record<string, unknown>,
  shape: Shape,
  steps: Steps,
  apply: (record: Record<string, unknown>, key: string) => void,
): void {
  const keys = keysOf(shape, steps)
  let at: unknown = raw
  for (const key of keys.slice(0, -1)) at = isRecord(at) || Array.isArray(at) ? (at as Raw)[key] : undefined
  if (isRecord(at) || Array.isArray(at)) apply(at as Record<string, unknown>, String(keys.at(-1)))
}

/** The same steps by the names of the answer. Throws on a name that is no fact. */
function keysOf(shape: Shape, steps: Steps): (string | number)[] {
  let [field, inner]: [FactField | undefined, Shape | undefined] = [undefined, shape]
  return steps.map((step) => {
    if (typeof step === 'number') return step
    field = inner?.fields.get(step)
    // What guards a fact is asked for without being one.
    if (!field && [...(inner?.fields.values() ?? [])].some(({ unless }) => unless === step)) return step
    if (!field) throw new Error(`${pathOf(steps)} is not among the facts`)
    inner = field.shape
    return field.key
  })
}

/** `champion.nodes[0].state` as steps. */
const stepsOf = (path: string): Steps =>
  [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([part, index]) => (index === undefined ? part : Number(index)))

const pathOf = (steps: Steps): string =>
  steps.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('')

const elementsOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
