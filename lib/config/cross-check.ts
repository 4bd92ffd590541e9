import { type Context, didYouMean, type Finding, foundAt } from './explain.ts'
import { nearest } from './nearest.ts'
import { type Path, pathText } from './problem.ts'
import { placeOf } from './retype.ts'
import type { Kinds } from './schema.ts'
import { collect, type Found, leaves, valueAt } from './values.ts'

const SYSTEMS = ['identityProvider', 'mlflow', 'git', 'forge']

/** What no single option can tell: words that must be used once, and ids that must be those of a source. */
export function crossCheck(context: Context, kinds: Kinds): Finding[] {
  const { value } = context
  const ids = collect(value, ['sources', '*', 'id'])
  const served = collect(value, ['links', '*', 'served']).map(({ path, value: link }) => {
    const [source, model, version] = ['source', 'model', 'version'].map((key) => valueAt(link, [key]))
    return { path, value: source && model ? JSON.stringify([source, model, version]) : undefined }
  })
  return [
    ...usedOnce(
      [...ids, ...collect(value, ['sources', '*', 'formerly', '*'])],
      'an id that no other source has or had',
      context,
    ),
    ...usedOnce(collect(value, ['people', '*', 'id']), 'an id that nobody else has', context),
    ...SYSTEMS.flatMap((system) =>
      usedOnce(collect(value, ['people', '*', 'logins', system, '*']), 'a login of one person or team', context),
    ),
    ...usedOnce(collect(value, ['notifications', '*', 'id']), 'an id that no other notification has', context),
    ...usedOnce(collect(value, ['gateway', 'keys', '*', 'id']), 'an id that no other key has', context),
    ...usedOnce(collect(value, ['subgraphs', '*', 'name']), 'a name that no other subgraph has', context),
    ...usedOnce(collect(value, ['applications', '*', 'id']), 'an id that no other application has', context),
    ...usedOnce(served, 'one link for one served model', context),
    ...references(ids, context, kinds),
  ]
}

/** A finding for every text that stood before. */
function usedOnce(found: Found[], expected: string, { describe, places }: Context): Finding[] {
  const first = new Map<unknown, Path>()
  return found.flatMap(({ path, value }) => {
    const before = first.get(value)
    if (before === undefined || typeof value !== 'string') {
      first.set(value, path)
      return []
    }
    const place = placeOf(places, path)
    const line = placeOf(places, before)?.line
    const where = pathText(before) + (line === undefined ? '' : ` on line ${line}`)
    return [
      { path, message: `found ${foundAt(place, describe(path))}, which is also at ${where}, expected ${expected}` },
    ]
  })
}

/** A finding for every reference to a source that is none, or one of another role. */
function references(ids: Found[], { value, describe, places }: Context, kinds: Kinds): Finding[] {
  return leaves(value).flatMap(({ path, value: id }) => {
    const described = describe(path)
    const role = described?.refersTo
    if (role === undefined || typeof id !== 'string') return []
    const fitting = ids.filter((source) => fits(valueAt(value, [...source.path.slice(0, -1), 'kind']), role, kinds))
    if (fitting.some((source) => source.value === id)) return []
    const place = placeOf(places, path)
    const other = ids.some((source) => source.value === id) ? ', a source of another kind' : ''
    // Ids that came from a variable or an alias, and those that swallowed other lines, are not repeated.
    const known = fitting
      .filter((source) => placeOf(places, source.path)?.shown === JSON.stringify(source.value))
      .map((source) => String(source.value))
    const meant = place?.interpolated ? undefined : nearest(id, known)
    const expected = `the id of a ${role}${known.length > 0 ? `: ${known.join(', ')}` : ''}`
    return [{ path, message: `found ${foundAt(place, described)}${other}, expected ${expected}${didYouMean(meant)}` }]
  })
}

/** Whether sources of a kind can be what a reference means. A kind that states no role can be anything. */
function fits(kind: unknown, role: string, kinds: Kinds): boolean {
  const own = typeof kind === 'string' && Object.hasOwn(kinds, kind) ? kinds[kind]?.meta()?.role : undefined
  return role === 'source' || own === undefined || own === role
}
