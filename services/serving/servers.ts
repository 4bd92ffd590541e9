import type { Access, Guarded } from '#lib/access.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { makeId, type NodeType, parseId } from '#lib/ids.ts'
import { perRequest } from '#lib/per-request.ts'
import { missingFrom } from '#lib/reading.ts'
import type { Reading } from '#lib/snapshot.ts'
import type { Server } from './server.ts'
import type { ServerIndex } from './server-index.ts'

/** Every index that can be had, and what is missing because the others cannot. */
interface Indexes {
  readonly indexes: readonly ServerIndex[]
  readonly incomplete: readonly Incomplete[]
}

/** All servers, as one request sees them: each index is read once, so that a whole answer is of one state. */
export interface Servers {
  /** Asked of everything that `indexes` gives; what `locate` finds may be seen. */
  readonly access: Access
  /** `only`: the id of a source, also a former one; undefined: all. */
  indexes(context: RequestContext, only?: string): Promise<Indexes>
  /**
   * What an id leads to, as `find` looks up its present form; undefined: there is none, or none to be seen. Throws a
   * GraphQLError when the source cannot be asked and nothing is known of it.
   */
  locate<T extends Guarded>(
    id: string,
    type: NodeType,
    context: RequestContext,
    find: (index: ServerIndex, id: string) => T | undefined,
  ): Promise<T | undefined>
  byId(source: string): Server | undefined
  /** false: by its configuration, the source serves models of another registry alone. */
  mayServe(source: string, registry: string): boolean
}

/** `renamed`: former ids of sources and the present ones. */
export function createServers(all: readonly Server[], renamed: ReadonlyMap<string, string>, access: Access): Servers {
  const serverById = new Map(all.map((server) => [server.id, server]))
  const readings = perRequest(() => new Map<Server, Promise<Reading<ServerIndex>>>())

  function read(server: Server, context: RequestContext): Promise<Reading<ServerIndex>> {
    const made = readings(context)
    const reading = made.get(server) ?? server.index.read(context)
    made.set(server, reading)
    return reading
  }

  // Asked for by each model of a page.
  const everything = perRequest((context) => indexesOf(context))
  const indexes: Servers['indexes'] = (context, only) =>
    only === undefined ? everything(context) : indexesOf(context, only)

  async function indexesOf(context: RequestContext, only?: string): Promise<Indexes> {
    const asked = only === undefined ? all : all.filter(({ id }) => id === (renamed.get(only) ?? only))
    const found = await Promise.all(asked.map((server) => read(server, context)))
    return {
      indexes: found.flatMap(({ value }) => value ?? []),
      incomplete: all.length === 0 ? [NONE] : found.flatMap((reading) => missingFrom(reading, 'what it serves')),
    }
  }

  function mayServe(source: string, registry: string): boolean {
    const bound = serverById.get(source)?.registry ?? null
    return bound === null || (renamed.get(bound) ?? bound) === registry
  }

  async function locate<T extends Guarded>(
    id: string,
    type: NodeType,
    context: RequestContext,
    find: (index: ServerIndex, id: string) => T | undefined,
  ): Promise<T | undefined> {
    const parsed = parseId(id, renamed)
    const server = parsed?.type === type ? serverById.get(parsed.parts[0] ?? '') : undefined
    if (!parsed || !server) return undefined
    const { value, failure } = await read(server, context)
    const known = value && find(value, makeId(type, ...parsed.parts))
    const found = known && access.visible(context.caller, known) ? known : undefined
    // Not in an old index is no proof that it is not there now.
    if (found === undefined && failure) throw graphqlFailure(failure)
    return found
  }

  return { access, indexes, locate, byId: (source) => serverById.get(source), mayServe }
}

const NONE: Incomplete = {
  source: null,
  reason: 'NOT_CONFIGURED',
  message: 'No model server is configured, so nothing is known of what is served: add one under sources.',
  count: null,
}
