import { GraphQLError } from 'graphql'
import type { Incomplete, PageInfo } from './common.generated.ts'
import { bySortKeys, type SortKey } from './order.ts'

/** What a list field is asked for. */
export interface PageArguments {
  readonly first?: number | null | undefined
  readonly after?: string | null | undefined
}

/** A Relay connection in the shape that BI tools read. */
export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[]
  readonly nodes: readonly T[]
  readonly pageInfo: PageInfo
  readonly totalCount: number
  readonly incomplete: readonly Incomplete[]
}

/** How a list is ordered: its name, which a cursor remembers, and the keys of an item, the last of which is unique. */
export interface Order<T> {
  readonly name: string
  keys(item: T): readonly SortKey[]
}

/** Sorted by an order. */
export function sorted<T>(items: readonly T[], { keys }: Order<T>): T[] {
  return items
    .map((item) => ({ item, key: keys(item) }))
    .sort((a, b) => bySortKeys(a.key, b.key))
    .map(({ item }) => item)
}

/**
 * The page of a list that is sorted by `order`. A cursor holds the keys of the item it stands behind, not a position, so it
 * stays right while other items come and go. Throws a GraphQLError (BAD_USER_INPUT) on a `first` or `after` that is none.
 */
export function pageOf<T>(
  items: readonly T[],
  order: Order<T>,
  { first, after }: PageArguments,
  maximum: number,
  incomplete: readonly Incomplete[] = [],
): Connection<T> {
  const size = checkFirst(first ?? Math.min(50, maximum), maximum)
  const start = after === null || after === undefined ? 0 : positionAfter(items, order, readCursor(after, order.name))
  const page = items.slice(start, start + size)
  const edges = page.map((node) => ({ cursor: writeCursor(order.name, order.keys(node)), node }))
  return {
    edges,
    nodes: page,
    pageInfo: {
      hasNextPage: start + size < items.length,
      hasPreviousPage: start > 0,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: items.length,
    incomplete,
  }
}

function checkFirst(first: number, maximum: number): number {
  if (first >= 0 && first <= maximum) return first
  throw badInput(
    `first: ${first} is not possible: ask for 0 to ${maximum} (gateway.limits.pageSize), and go on with after`,
  )
}

/** The first item behind the keys, by halving. */
function positionAfter<T>(items: readonly T[], { keys }: Order<T>, behind: readonly SortKey[]): number {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const item = items[middle]
    if (item !== undefined && bySortKeys(keys(item), behind) <= 0) low = middle + 1
    else high = middle
  }
  return low
}

function writeCursor(order: string, keys: readonly SortKey[]): string {
  return Buffer.from(JSON.stringify([order, ...keys])).toString('base64url')
}

function readCursor(cursor: string, order: string): readonly SortKey[] {
  const value = parse(cursor)
  if (!Array.isArray(value) || !value.every(isSortKey)) throw badInput('after: this is no cursor of this graph')
  const [name, ...keys] = value
  if (name === order) return keys
  throw badInput(`after: this cursor belongs to a list in another order (${name}), and this one is in ${order}`)
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

const isSortKey = (value: unknown): value is SortKey =>
  value === null || typeof value === 'string' || typeof value === 'number'

/** An error of whoever asks, in words for them. */
export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}
