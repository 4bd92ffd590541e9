import { invalid } from './problem.ts'
import { typeName } from './python.ts'

/** What a request asks for. MLflow reads a GET's query and any other request's JSON. */
export interface Arguments {
  /** The value, in a query the first of this name; undefined when absent. */
  one(name: string): unknown
  /** The values of a repeated field; undefined when absent. */
  many(name: string): unknown
}

/** The arguments in a query string. */
export function queryArguments(query: string): Arguments {
  const params = new URLSearchParams(query)
  return {
    one: (name) => params.get(name) ?? undefined,
    many: (name) => (params.has(name) ? params.getAll(name) : undefined),
  }
}

/** The arguments in a JSON body; what is no JSON, or no object, counts as `{}`. */
export function bodyArguments(body: string): Arguments {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    parsed = undefined
  }
  const members = typeof parsed === 'object' && parsed !== null ? parsed : {}
  const read = (name: string): unknown =>
    Object.hasOwn(members, name) ? ((members as Record<string, unknown>)[name] ?? undefined) : undefined
  return { one: read, many: read }
}

/** A text, or undefined when absent. */
export function text(args: Arguments, name: string): string | undefined {
  const value = args.one(name)
  if (value !== undefined && typeof value !== 'string') throw wrong(name, value)
  return value
}

/** A text that must be there and not empty. */
export function requiredText(args: Arguments, name: string): string {
  return text(args, name) || lacking(name)
}

/** A whole number, or undefined when absent. `most` is the largest allowed. */
export function integer(args: Arguments, name: string, most = Number.MAX_SAFE_INTEGER): number | undefined {
  const value = args.one(name)
  if (value === undefined) return undefined
  const number = typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number > most) throw wrong(name, value)
  return number
}

/** A list of texts, empty when absent. */
export function textList(args: Arguments, name: string): readonly string[] {
  const list = objectList(args, name)
  if (!list.every((value) => typeof value === 'string')) throw wrong(name, list)
  return list
}

/** A list of objects of whatever form, empty when absent. */
export function objectList<T = unknown>(args: Arguments, name: string): readonly T[] {
  const value = args.many(name) ?? []
  if (!Array.isArray(value)) throw wrong(name, value)
  return value
}

/** A list of `{ key, value }` as a map, in which a later value of a key wins. */
export function pairs(args: Arguments, name: string): Map<string, string> {
  const list = objectList<{ key: string; value?: string }>(args, name)
  list.forEach(({ key }, index) => {
    if (!key) lacking(`${name}[${index}].key`)
  })
  return new Map(list.map(({ key, value = '' }) => [key, value]))
}

/** Throws the error for a required parameter that is absent or empty. */
export function lacking(name: string): never {
  throw invalid(`Missing value for required parameter '${name}'.${seeDocs}`)
}

function wrong(name: string, value: unknown): Error {
  const hint = ` Hint: Value was of type '${typeName(value)}'.`
  return invalid(`Invalid value ${JSON.stringify(value)} for parameter '${name}' supplied: ${hint}${seeDocs}`)
}

const seeDocs = ' See the API docs for more information about request parameters.'
