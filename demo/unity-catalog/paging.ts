import { invalid } from './replies.ts'

/** The server gives no more at a time, whatever is asked for and whatever its specification says. */
const MOST = 100

/**
 * One page of a list, by name. The token is the last name of the page before, and nobody checks it. What the caller may
 * not see is left out after the page was cut, so that an empty page need not be the last.
 */
export function page<T extends { name: string }>(
  items: readonly T[],
  query: URLSearchParams,
  mayList: (item: T) => boolean,
): { shown: T[]; next_page_token: string | null } {
  const asked = sizeOf(query.get('max_results') ?? '0')
  const size = asked === 0 ? MOST : Math.min(asked, MOST)
  const after = query.get('page_token') ?? ''
  const rest = items.filter(({ name }) => name > after).sort((a, b) => (a.name < b.name ? -1 : 1))
  const here = rest.slice(0, size)
  return { shown: here.filter(mayList), next_page_token: rest.length > size ? (here.at(-1)?.name ?? null) : null }
}

function sizeOf(text: string): number {
  if (!/^-?\d+$/.test(text)) throw invalid(`For input string: "${text}"`)
  const size = Number(text)
  if (size < 0) throw invalid('maxResults must be greater than or equal to 0')
  return size
}
