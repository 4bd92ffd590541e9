import type { Incomplete } from '#lib/common.generated.ts'
import type { Connection, PageArguments } from '#lib/page.ts'
import { badInput } from '#lib/page.ts'
import type { Entry, EntryFilter, State } from '#lib/state/port.ts'

/** The page of a list that the state holds, newest first; a cursor is the sequence of an entry, so it stays right while others come. */
export interface EntryList {
  readonly entries: readonly Entry[]
  readonly hasMore: boolean
  readonly total: number
  readonly after: number | undefined
}

/** Reads a page. Throws a GraphQLError (BAD_USER_INPUT) on a `first` or `after` that is none. */
export async function readPage(
  state: State,
  filter: EntryFilter,
  { first, after: cursor }: PageArguments,
  most: number,
): Promise<EntryList> {
  const size = first ?? Math.min(50, most)
  if (size < 0 || size > most) {
    throw badInput(
      `first: ${first} is not possible: ask for 0 to ${most} (gateway.limits.pageSize), and go on with after`,
    )
  }
  const after = cursor === null || cursor === undefined ? undefined : sequenceOf(cursor)
  const page = { first: size, newestFirst: true, ...(after !== undefined && { after }) }
  const [{ entries, hasMore }, total] = await Promise.all([state.read(filter, page), state.count(filter)])
  return { entries, hasMore, total, after }
}

/** A page as a connection, of those items that the caller may see. */
export function connectionOf<T>(
  { entries, hasMore, total, after }: EntryList,
  items: readonly (T | undefined)[],
  what: string,
): Omit<Connection<T>, 'totalCount'> & { readonly totalCount: number | null } {
  const edges = items.flatMap((node, i) =>
    node === undefined ? [] : [{ cursor: cursorOf((entries[i] as Entry).sequence), node }],
  )
  const hidden = items.length - edges.length
  const ends = (entry: Entry | undefined) => (entry ? cursorOf(entry.sequence) : null)
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    // Of the page as it was read: behind hidden items the list goes on.
    pageInfo: {
      ...{ hasNextPage: hasMore, hasPreviousPage: after !== undefined },
      ...{ startCursor: ends(entries.at(0)), endCursor: ends(entries.at(-1)) },
    },
    totalCount: hidden > 0 ? null : total,
    incomplete: hidden > 0 ? [hiddenItems(hidden, what)] : [],
  }
}

function hiddenItems(count: number, what: string): Incomplete {
  const message = `You may not see ${count} ${what} of this page: ask for a role that may.`
  return { source: null, reason: 'FORBIDDEN', message, count }
}

const ORDER = 'recorded'

const cursorOf = (sequence: number) => Buffer.from(JSON.stringify([ORDER, sequence])).toString('base64url')

function sequenceOf(cursor: string): number {
  const [, sequence] = /^\["recorded",(\d{1,15})\]$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (sequence === undefined) throw badInput('after: this is no cursor of this list')
  return Number(sequence)
}
