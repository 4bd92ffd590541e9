import { z } from 'zod'
import type { Path } from './problem.ts'
import { settings } from './settings.ts'
import { commonSource } from './source.ts'

/**
 * The schemas of each kind's own options, by kind. Their fields' checks, defaults and descriptions count; checks of the
 * object as a whole do not, since the fields are merged with the common ones.
 */
export type Kinds = Record<string, z.ZodObject>

/** A source as configured, with its defaults; `title` is the id where none is configured. */
export type Source<K extends Kinds = Kinds> = {
  [N in keyof K & string]: Omit<z.output<typeof commonSource>, 'kind' | 'title'> & {
    kind: N
    title: string
  } & z.output<K[N]>
}[keyof K & string]

/** A validated configuration, with its defaults. */
export type Config<K extends Kinds = Kinds> = Omit<z.output<typeof settings>, 'sources'> & { sources: Source<K>[] }

/** The schema of a whole source: of its kind, or of what all kinds share where the kind is not known. */
export function sourceSchema(kinds: Kinds, kind: unknown): z.ZodObject {
  const own = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind] : undefined
  if (own) return z.strictObject({ ...commonSource.shape, ...own.shape, kind: z.literal(kind as string) })
  // Loose: which further options are right is not known without the kind.
  return z.looseObject({ ...commonSource.shape, kind: z.enum(Object.keys(kinds)) })
}

/** What the schema says of the value at a path. */
export interface Described {
  /** What errors say was expected, where the schema has its own words. */
  expected: string | undefined
  secret: boolean
  refersTo: z.GlobalMeta['refersTo']
  /** Known keys, for a map. */
  keys: string[]
}

/** Looks up what the schema says of the value at `path` in a whole configuration; undefined: no such option. */
export function describeAt(kinds: Kinds, root: unknown, path: Path): Described | undefined {
  const [section, i, ...rest] = path
  if (section !== 'sources' || typeof i !== 'number') return descend(settings, path)
  const kind = (root as { sources: ({ kind?: unknown } | null)[] }).sources[i]?.kind
  return descend(sourceSchema(kinds, kind), rest)
}

function descend(schema: z.core.$ZodType, path: Path, secretAbove = false): Described | undefined {
  const { inner, meta } = unwrap(schema)
  const secret = secretAbove || meta.secret === true
  const [key, ...rest] = path
  const def = (inner as z.core.$ZodTypes)._zod.def
  const shape = def.type === 'object' ? def.shape : {}
  if (key === undefined) {
    const { expected, refersTo } = meta
    return { expected, secret: secret || hasSecretForm(schema), refersTo, keys: Object.keys(shape) }
  }
  if (def.type === 'array') return descend(def.element, rest, secret)
  if (def.type === 'record') return descend(def.valueType, rest, secret)
  const field = Object.hasOwn(shape, key) ? shape[key] : undefined
  return field && descend(field, rest, secret)
}

/** Whether a value can be a secret by itself, where it could also be a map. */
function hasSecretForm(schema: z.core.$ZodType): boolean {
  const def = (schema as z.core.$ZodTypes)._zod.def
  if (def.type === 'union') return def.options.some((option) => unwrap(option).meta.secret === true)
  return 'innerType' in def && hasSecretForm(def.innerType)
}

/** The map among what a value can be: the one form that has something below it. */
const mapOf = ({ options }: z.core.$ZodUnionDef): z.core.$ZodType | undefined =>
  options.find((option) => option._zod.def.type === 'object')

/** Takes off what optional, defaulted and transformed schemas are wrapped in, collecting what each layer says. */
function unwrap(schema: z.core.$ZodType): { inner: z.core.$ZodType; meta: z.GlobalMeta } {
  const meta = z.globalRegistry.get(schema) ?? {}
  const def = (schema as z.core.$ZodTypes)._zod.def
  const next =
    def.type === 'pipe' ? def.in : def.type === 'union' ? mapOf(def) : 'innerType' in def ? def.innerType : undefined
  if (!next) return { inner: schema, meta }
  const below = unwrap(next)
  return { inner: below.inner, meta: { ...below.meta, ...meta } }
}
