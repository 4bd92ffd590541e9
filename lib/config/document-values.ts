import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Scalar, type YAMLMap } from 'yaml'
import { interpolate } from './interpolate.ts'
import type { Path } from './problem.ts'

/** Lines and columns count from 1. */
export interface Position {
  line: number
  column: number
}

/** Where a value stands in the text, and how it may be spoken of. */
export interface Place extends Position {
  /** Where its key stands, for values in a map. */
  key?: Position
  /** What an error shows: never what a variable holds, never credentials in an address. */
  shown: string
  /** Its text holds `${NAME}`. */
  interpolated: boolean
  /** As written, where YAML made a number or a boolean of plain text. */
  written?: string
}

/** Something wrong with the text, whatever the schema. `path` is empty where YAML itself is broken. */
export interface TextProblem {
  path: Path
  at: Position
  message: string
}

interface Input {
  text: string
  document: Document
  env: NodeJS.ProcessEnv
  positionOf: (offset: number) => Position
}

/** How many aliases are followed in one file: more is a mistake, or an alias that holds itself. */
const MAX_ALIASES = 100

/** The key of a path in a map of places. */
export const placeKey = (path: Path): string => JSON.stringify(path)

/** Plain values of a parsed document, with the place of each. The first of two equal keys stands. */
export function readValues({ text, document, env, positionOf }: Input) {
  const places = new Map<string, Place>()
  const problems: TextProblem[] = []
  let aliases = 0

  const positionOfNode = (node: unknown) => (isNode(node) && node.range ? positionOf(node.range[0]) : undefined)

  function read(node: unknown, path: Path, key: Position | undefined, aliased: boolean, alias?: Position): unknown {
    const at = alias ?? positionOfNode(node) ?? key ?? { line: 1, column: 1 }
    const place: Place = { ...at, shown: 'nothing', interpolated: false, ...(key && { key }) }
    places.set(placeKey(path), place)
    if (isAlias(node)) {
      aliases += 1
      const target = node.resolve(document)
      if (target && aliases <= MAX_ALIASES) return read(target, path, key, true, at)
      // The alias is not named: it can be a password that starts with a star.
      const message = target
        ? `found more than ${MAX_ALIASES} aliases (*), or one that holds itself, expected fewer`
        : 'found an alias (*) without its anchor (&), expected one further up. Put text that starts with * in quotes'
      problems.push({ path, at, message })
      return undefined
    }
    if (isMap(node)) return readMap(node, path, place, aliased)
    if (isSeq(node)) {
      place.shown = node.items.length > 0 ? 'a list' : 'an empty list'
      return node.items.map((item, i) => read(item, [...path, i], undefined, aliased))
    }
    const value = isScalar(node) ? readScalar(node, path, place) : null
    // It can be an alias of a secret.
    if (aliased) place.shown = 'an alias'
    return value
  }

  function readMap(node: YAMLMap, path: Path, place: Place, aliased: boolean): object {
    place.shown = 'a map'
    // Without a prototype, so that a key such as __proto__ is a key like any other.
    const map: Record<string, unknown> = Object.create(null)
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : ''
      const at = positionOfNode(key) ?? place
      const first = places.get(placeKey([...path, name]))?.key
      if (name in map) {
        const message = `found this key again (first on line ${first?.line}), expected it once`
        problems.push({ path: [...path, name], at, message })
      } else map[name] = read(value, [...path, name], { line: at.line, column: at.column }, aliased)
    }
    return map
  }

  function readScalar({ value, range }: Scalar, path: Path, place: Place): unknown {
    const written = range ? text.slice(range[0], range[1]) : ''
    if (typeof value === 'string') {
      const { text: result, variables, problems: found } = interpolate(value, env)
      place.interpolated = variables.length > 0
      place.shown = shown(value, written)
      for (const message of found) problems.push({ path, at: place, message })
      return result
    }
    if (value !== null) {
      place.written = written
      place.shown = written
    }
    return value
  }

  const value = read(document.contents, [], undefined, false)
  return { value, places, problems }
}

/**
 * A text in quotes, with what can be a credential in an address taken out. Long ones, and those on several lines, are not
 * repeated: where a quote or an indentation is wrong, YAML makes one text of several options.
 */
function shown(raw: string, written: string): string {
  if (raw.length > 60 || written.includes('\n')) return `a text of ${raw.length} characters`
  const harmless = raw.replace(/\/\/.*@/, '//…@').replace(/:[^/@\s]+@/, ':…@')
  return JSON.stringify(harmless.includes('://') ? harmless.replace(/\?.*/, '?…') : harmless)
}
