import type { Incomplete } from '#lib/common.generated.ts'
import type { Connection, PageArguments } from '#lib/page.ts'
import { badInput } from '#lib/page.ts'
import type { Entry, EntryFilter, State } from '#lib/state/port.ts'

/** What a list shows. */
export interface ListOptions<T> {
  readonly state: State
  readonly filter: EntryFilter
  /** Whether nothing that the filter means can be hidden from the caller. */
  readonly seesAll: boolean
  /** What is shown of entries, in their order; undefined: the caller may not see it. */
  readonly itemsOf: (entries: readonly Entry[]) => Promise<readonly (T | undefined)[]>
  /** What is listed, in the plural. */
  readonly what: string
}

/** A list that the state holds. */
export type RecordConnection<T> = Omit<Connection<T>, 'totalCount'> & { readonly totalCount: number | null }

/** Entries that are looked through at a time, where some may be hidden. */
const BATCH = 500

/** Batches that one page may take; behind them the list goes on with the next page. */
const BATCHES = 40

/**
 * A page, newest first; a cursor is the sequence of an entry, so it stays right while others come. What the caller may not see is
 * passed over and not counted: neither a count nor a gap tells of it. Throws a GraphQLError (BAD_USER_INPUT) on a `first` or
 * `after` that is none.
 */
export async function readPage<T>(
  options: ListOptions<T>,
  { first, after: cursor }: PageArguments,
  most: number,
): Promise<RecordConnection<T>> {
  const size = first ?? Math.min(50, most)
  if (size < 0 || size > most) {
    throw badInput(
      `first: ${first} is not possible: ask for 0 to ${most} (gateway.limits.pageSize), and go on with after`,
    )
  }
  const start = cursor === null || cursor === undefined ? undefined : sequenceOf(cursor)
  const { state, filter, seesAll, what } = options
  const [{ seen, hasMore, last }, totalCount] = await Promise.all([
    readSeen(options, size, start),
    seesAll ? state.count(filter) : null,
  ])
  const edges = seen.map(({ sequence, node }) => ({ cursor: cursorOf(sequence), node }))
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      ...{ hasNextPage: hasMore, hasPreviousPage: start !== undefined },
      ...{ startCursor: edges.at(0)?.cursor ?? null, endCursor: last === undefined ? null : cursorOf(last) },
    },
    totalCount,
    incomplete: seesAll ? [] : [notShown(what)],
  }
}

interface Seen<T> {
  readonly seen: readonly { readonly sequence: number; readonly node: T }[]
  readonly hasMore: boolean
  /** Where the next page goes on. undefined: nowhere else than this one. */
  readonly last: number | undefined
}

async function readSeen<T>(
  { state, filter, seesAll, itemsOf }: ListOptions<T>,
  size: number,
  start: number | undefined,
): Promise<Seen<T>> {
  const seen: { sequence: number; node: T }[] = []
  let after = start
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const page = { first: seesAll ? size : BATCH, newestFirst: true, ...(after !== undefined && { after }) }
    const { entries, hasMore } = await state.read(filter, page)
    const items = await itemsOf(entries)
    for (const [i, { sequence }] of entries.entries()) {
      const node = items[i]
      if (node === undefined) continue
      if (seen.length === size) return { seen, hasMore: true, last: seen.at(-1)?.sequence }
      seen.push({ sequence, node })
    }
    if (seesAll || !hasMore) return { seen, hasMore, last: seen.at(-1)?.sequence }
    after = entries.at(-1)?.sequence
  }
  return { seen, hasMore: true, last: after }
}

function notShown(what: string): Incomplete {
  const message = `Only ${what} on what you may see are shown, and the others are not counted: ask for a role that may see more.`
  return { source: null, reason: 'FORBIDDEN', message, count: null }
}

const ORDER = 'recorded'

const cursorOf = (sequence: number) => Buffer.from(JSON.stringify([ORDER, sequence])).toString('base64url')

function sequenceOf(cursor: string): number {
  const [, sequence] = /^\["recorded",(\d{1,15})\]$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (sequence === undefined) throw badInput('after: this is no cursor of this list')
  return Number(sequence)
}
