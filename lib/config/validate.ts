import type { z } from 'zod'
import { crossCheck } from './cross-check.ts'
import { explain, type Finding } from './explain.ts'
import type { Path } from './problem.ts'
import { type Places, retype } from './retype.ts'
import { type Config, describeAt, type Kinds, sourceSchema } from './schema.ts'
import { settings } from './settings.ts'
import { collect, valueAt } from './values.ts'

/** A configuration, or everything that is wrong with the value. */
export type Validated<K extends Kinds> = { config: Config<K> } | { findings: Finding[] }

/**
 * Validates a whole configuration. All is looked at whatever else is wrong: an unknown kind hides no wrong address, and a
 * wrong address hides no id that is used twice. `places` tells how values were written, where they were read from a file.
 */
export function validate<K extends Kinds>(value: unknown, kinds: K, places: Places): Validated<K> {
  const first = parse(value, kinds)
  const { issues, config } = retype(value, first.issues, places) ? parse(value, kinds) : first
  const context = { value, places, describe: (path: Path) => describeAt(kinds, value, path) }
  const findings = [...issues.flatMap((issue) => explain(issue, context)), ...crossCheck(context, kinds)]
  // What the schemas gave back is a Config of these kinds; TypeScript cannot follow a schema that is chosen by a value.
  return findings.length > 0 ? { findings } : { config: config as Config<K> }
}

function parse(value: unknown, kinds: Kinds): { issues: z.core.$ZodIssue[]; config?: unknown } {
  const root = settings.safeParse(value)
  const sources = collect(value, ['sources', '*']).map(({ path, value: source }) => {
    const { data, error } = sourceSchema(kinds, valueAt(source, ['kind'])).safeParse(source)
    const issues = (error?.issues ?? []).map((issue) => ({ ...issue, path: [...path, ...issue.path] }))
    return { issues, source: { ...data, title: data?.title ?? data?.id } }
  })
  const issues = [
    ...(root.error?.issues ?? []).flatMap((issue) => ofTheMap(issue, value)),
    ...sources.flatMap((source) => source.issues),
  ]
  return root.success ? { issues, config: { ...root.data, sources: sources.map(({ source }) => source) } } : { issues }
}

/** Of a value that can be a word or a map and is a map, what is wrong with the map. */
function ofTheMap(issue: z.core.$ZodIssue, root: unknown): z.core.$ZodIssue[] {
  const value = valueAt(root, issue.path as Path)
  if (issue.code !== 'invalid_union' || typeof value !== 'object' || value === null) return [issue]
  const inner = issue.errors.at(-1) ?? []
  return inner.map((one) => ({ ...one, path: [...issue.path, ...one.path] }))
}
