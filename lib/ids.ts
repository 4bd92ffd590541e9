/** Which types the graph has, how many parts their ids have, and whether the first one is the id of a source. */
const types = {
  Model: { parts: [2], ofSource: true },
  ModelVersion: { parts: [3], ofSource: true },
  TrainingRun: { parts: [2], ofSource: true },
  Dataset: { parts: [2], ofSource: false },
  // Canonical repository URL and full SHA.
  Commit: { parts: [2], ofSource: false },
  PullRequest: { parts: [3], ofSource: true },
  PipelineRun: { parts: [3], ofSource: true },
  Endpoint: { parts: [2], ofSource: true },
  // Of a configured application, the source is that of the configuration.
  Application: { parts: [2], ofSource: true },
  // The version is left out where the server gives none.
  ServedModel: { parts: [3, 4], ofSource: true },
  Alert: { parts: [2], ofSource: true },
  // Of what people recorded: the id of the record in the state.
  Attestation: { parts: [1], ofSource: false },
  Waiver: { parts: [1], ofSource: false },
  UseCase: { parts: [1], ofSource: false },
} as const

/** A type of the graph that has ids. */
export type NodeType = keyof typeof types

/** An id taken apart. */
export interface ParsedId {
  readonly type: NodeType
  /** Decoded. For all types but those named by the world at large, the first is the id of a source. */
  readonly parts: readonly string[]
}

/** `<Type>:<part>:<part>…`, each part percent-encoded, so that names may hold anything. Halves of surrogate pairs become U+FFFD. */
export function makeId(type: NodeType, ...parts: readonly string[]): string {
  return [type, ...parts.map(encode)].join(':')
}

/**
 * Takes an id apart; undefined: no id of this graph. One that does not encode to itself is none, so that each thing has
 * one id only. `renamed` maps former ids of sources to their present ones.
 */
export function parseId(id: string, renamed: ReadonlyMap<string, string> = new Map()): ParsedId | undefined {
  const [name = '', ...encoded] = id.split(':')
  if (!isNodeType(name)) return undefined
  const parts = encoded.map(decode)
  if (!parts.every((part) => part !== undefined)) return undefined
  const { parts: lengths, ofSource } = types[name]
  if (!lengths.some((length) => length === parts.length) || makeId(name, ...parts) !== id) return undefined
  const [source = '', ...rest] = parts
  return { type: name, parts: ofSource ? [renamed.get(source) ?? source, ...rest] : parts }
}

/** The id as this graph writes it now, with former ids of sources replaced; undefined: no id of that type. */
export function canonicalId(type: NodeType, id: string, renamed: ReadonlyMap<string, string>): string | undefined {
  const parsed = parseId(id, renamed)
  return parsed?.type === type ? makeId(type, ...parsed.parts) : undefined
}

/** Whether the project itself has such a type; subgraphs of teams can have others. */
export function isNodeType(name: string): name is NodeType {
  return Object.hasOwn(types, name)
}

/** `encodeURIComponent` and the marks it leaves, so that an id can stand in quotes and in parentheses. */
function encode(part: string): string {
  // Most parts hold nothing to encode, and ids are made by the thousand.
  if (/^[\w.~-]*$/.test(part)) return part
  return encodeURIComponent(part.toWellFormed()).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function decode(part: string): string | undefined {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}
