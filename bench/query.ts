/** The page a dashboard asks for: what is in production, from which run, over which data, and where it is really served. */
const PORTFOLIO = `query Portfolio($first: Int, $after: String, $since: DateTime) {
  models(first: $first, after: $after, where: { updatedAfter: $since }) {
    nodes {
      id name description domain owners { name kind evidence }
      champion {
        version createdAt runId
        run { name status startedAt durationSeconds user parameters { key value } metrics { name value } inputs { name digest context dataset { id } } code { sha } }
        incomplete { source reason message }
      }
      served {
        nodes { version servedModel { id name state endpoint { name environment server { name version } } } link { method confidence evidence } }
        incomplete { source reason message }
      }
      provenance { source { id } fetchedAt stale }
    }
    pageInfo { endCursor hasNextPage }
    totalCount
    incomplete { source reason message }
  }
}`

/** Models of one page. */
export const PAGE = 50

/** Enough that nothing which merges identical requests helps. */
const DISTINCT = 1_000

/** Bodies of requests, no two with the same variables: other pages where there are some, and other moments. */
export function bodies(cursors: readonly string[]): string[] {
  return Array.from({ length: DISTINCT }, (_, i) => {
    const after = cursors.length === 0 ? null : cursors[(i * 37) % cursors.length]
    const since = new Date(Date.UTC(2020, 0, 1) + i * 60_000).toISOString()
    return JSON.stringify({ query: PORTFOLIO, variables: { first: PAGE, after, since } })
  })
}
