import type { Raw, Run } from './facts.ts'
import { Missing, unaccounted } from './missing.ts'

/** What a threshold can be. */
export type ParameterValue = number | string | boolean

/**
 * A threshold of a rule, as its file declares it. Its default tells its type: whole number, number, text, true or false.
 */
export interface Parameter {
  readonly default: ParameterValue
  /** It need not be whole, though its default is. */
  readonly type?: 'number' | undefined
  readonly description: string
}

/** The parameters of a rule by name. */
type Parameters = Readonly<Record<string, Parameter>>

/** Values that the configuration gives for a subject. */
export type Overrides = Readonly<Record<string, ParameterValue>>

/** The tag on a subject that overrides a parameter, such as `health.model-age.maxDays`. */
const parameterTag = (rule: string, name: string): string => `${rule}.${name}`

/** The type that CEL knows a parameter by. */
export function parameterType({ default: value, type }: Parameter): string {
  if (typeof value === 'number') return Number.isInteger(value) && type !== 'number' ? 'int' : 'double'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

/** A value of a parameter as CEL has it; undefined: it is none of the parameter's type. */
export function parameterValue(parameter: Parameter, value: unknown): unknown {
  switch (parameterType(parameter)) {
    case 'int':
      return Number.isSafeInteger(value) ? BigInt(value as number) : undefined
    case 'double':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined
    case 'bool':
      return typeof value === 'boolean' ? value : undefined
    default:
      return typeof value === 'string' ? value : undefined
  }
}

/** What the parameters of a rule are for one subject. */
export interface ParameterSource {
  /** Kind and id. */
  readonly rule: string
  readonly parameters: Parameters
  /** Where the subject's type keeps tags, in the answer; undefined: it has none. */
  readonly tags: string | undefined
}

/** The class whose getters are the parameters: of the subject's tags first, then as configured, then the default. */
export function parameterClass({ rule, parameters, tags }: ParameterSource) {
  const records = new WeakMap<object, { raw: Raw; overrides: Overrides; run: Run }>()
  const type = class {
    constructor(raw: Raw, overrides: Overrides, run: Run) {
      records.set(this, { raw, overrides, run })
    }
  }
  for (const [name, parameter] of Object.entries(parameters)) {
    Object.defineProperty(type.prototype, name, {
      get(this: object) {
        const record = records.get(this)
        if (!record) throw new Missing(name)
        const { raw, overrides, run } = record
        const path = `parameters.${name}`
        const missing = (why: ReturnType<typeof unaccounted>) => {
          run.holes.set(path, { path, why })
          return new Missing(path)
        }
        const key = parameterTag(rule, name)
        const tag = tags === undefined ? { value: undefined } : tagged(raw[tags], key)
        if (!tag) throw missing(unaccounted('UNSUPPORTED', `Its ${tags} are not known, and one can set ${path}.`))
        const told = tag.value === undefined ? (overrides[name] ?? parameter.default) : read(parameter, tag.value)
        const value = parameterValue(parameter, told)
        if (value === undefined) {
          throw missing(unaccounted('BAD_RESPONSE', `Its tag ${key} is no ${parameterType(parameter)}.`))
        }
        run.reads.set(path, { value: told, source: null, fetchedAt: null })
        return value
      },
    })
  }
  return type
}

/** The value of a tag, undefined where there is no such tag; undefined as a whole: the tags are not known. */
function tagged(tags: unknown, key: string): { value: string | undefined } | undefined {
  return Array.isArray(tags) ? { value: tagValue(tags, key) } : undefined
}

function tagValue(tags: readonly unknown[], key: string): string | undefined {
  const found = tags.find((tag) => (tag as { key?: unknown } | null)?.key === key) as { value?: unknown } | undefined
  return found && String(found.value ?? '')
}

/** A text as a value of the parameter's type. */
function read(parameter: Parameter, text: string): unknown {
  switch (parameterType(parameter)) {
    case 'int':
    case 'double':
      return text.trim() === '' ? undefined : Number(text)
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined
    default:
      return text
  }
}
