import { parseId } from './ids.ts'

/** What a gate is asked about, as people write it: an id of the graph, or a model by name with an alias or a version. */
export type GateSubject =
  | { readonly id: string }
  | { readonly model: string; readonly at: string }
  /** What is wrong with it, for the reader. */
  | { readonly problem: string }

/** Reads `<model>@<alias or version>`, where the last `@` counts since names may hold some; or a whole id. */
export function readGateSubject(text: string): GateSubject {
  const parsed = parseId(text)
  if (parsed && ['Model', 'ModelVersion', 'Endpoint'].includes(parsed.type)) return { id: text }
  if (parsed) return { problem: `found a ${parsed.type}, expected the id of a model, a version or an endpoint` }
  const split = text.lastIndexOf('@')
  const [model, at] = [text.slice(0, split), text.slice(split + 1)]
  if (split < 0 || model === '' || at === '') {
    return { problem: `found ${JSON.stringify(text)}, expected <model>@<alias or version>, or an id of the graph` }
  }
  return { model, at }
}
