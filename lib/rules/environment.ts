import { RE2JS } from '@bufbuild/re2'
import { Environment } from '@marcbachmann/cel-js'
import { Duration } from '@marcbachmann/cel-js/evaluator'
import { type FactClass, factClass, knownOf, type Raw, type Run, subjectOf } from './facts.ts'
import { type Overrides, type ParameterSource, parameterClass, parameterType } from './parameters.ts'
import type { FactField, Shape } from './shape.ts'

/** What the expressions of one rule are checked and evaluated in. */
export interface RuleEnvironment {
  readonly cel: Environment
  /** What the subject is called. */
  readonly root: string
  /** The variables of one judgement. `at`: where the subject stands in the answer. */
  variables(raw: Raw, at: string, overrides: Overrides, now: Date, run: Run): Record<string, unknown>
}

const TIMESTAMP = 'google.protobuf.Timestamp'

/** The types that CEL knows scalars by; enums are text. */
const types: Readonly<Record<string, string>> = { Int: 'int', Float: 'double', Boolean: 'bool', DateTime: TIMESTAMP }

/** Function that `matches` is rewritten to: RE2 is linear in what it reads, RegExp is not. */
export const MATCHES = 'matchesRE2'

/** Makes the environment for facts of a shape. Expressions get the types of the facts, so that mistakes are found at load. */
export function ruleEnvironment(shape: Shape, parameters: ParameterSource): RuleEnvironment {
  const cel = new Environment({
    limits: { maxAstNodes: 2_000, maxDepth: 100, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 },
  })
  const classes = new Map<Shape, FactClass>()
  const declared = declare(cel, shape, classes)
  const parameter = parameterClass(parameters)
  cel.registerType('Parameters', {
    ctor: parameter,
    fields: Object.fromEntries(Object.entries(parameters.parameters).map(([name, one]) => [name, parameterType(one)])),
  })
  const root = rootName(shape.type)
  const compiled = new Map<string, RE2JS>()
  cel
    .registerVariable(root, declared.name)
    .registerVariable('parameters', 'Parameters')
    .registerVariable('now', TIMESTAMP)
    .registerFunction('days(int): google.protobuf.Duration', (n: bigint) => new Duration(n * 86_400n))
    .registerFunction('percent(double): string', (x: number) => `${Number((x * 100).toFixed(2))} %`)
    .registerFunction('day(google.protobuf.Timestamp): string', (at: Date) => at.toISOString().slice(0, 10))
    .registerFunction(`${MATCHES}(string, string): bool`, (value: string, pattern: string) => {
      const known = compiled.get(pattern) ?? new RE2JS(pattern)
      compiled.set(pattern, known)
      return known.test(value)
    })
  const subject = declared.type
  return {
    ...{ cel, root },
    variables: (raw, at, overrides, now, run) => ({
      [root]: subjectOf(subject, raw, at, run),
      parameters: new parameter(raw, overrides, run),
      now,
    }),
  }
}

/** What a subject of a type is called in expressions: `modelVersion`. */
const rootName = (type: string): string => `${type.charAt(0).toLowerCase()}${type.slice(1)}`

/** Registers the types of a shape, the innermost first. */
function declare(cel: Environment, shape: Shape, classes: Map<Shape, FactClass>): { name: string; type: FactClass } {
  const fields: Record<string, string> = {}
  for (const [name, field] of shape.fields) {
    const type = celType(field, field.shape && declare(cel, field.shape, classes).name)
    fields[name] = type
    if (field.list) fields[knownOf(name)] = type
  }
  const name = `${shape.type}_${classes.size}`
  const type = factClass(shape, classes)
  classes.set(shape, type)
  cel.registerType(name, { ctor: type, fields })
  return { name, type }
}

function celType({ named, list }: FactField, record: string | undefined): string {
  const type = record ?? types[named] ?? 'string'
  return list ? `list<${type}>` : type
}
