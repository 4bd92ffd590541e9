import { createGraphiQLFetcher } from '@graphiql/toolkit'

/** What GraphiQL shows for a failure: an answer as GraphQL gives it, since a thrown error would be shown with its stack. */
const failure = (message: string) => Response.json({ errors: [{ message }] })

/** Answers with words for the reader where `fetch` or the JSON parser would only speak of itself. */
async function fetchFromGateway(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init).catch(() => undefined)
  if (!response) return failure('The gateway does not answer. Is it still running, and can it be reached from here?')
  const type = response.headers.get('content-type') ?? 'no content type'
  if (/[/+]json\b/.test(type)) return response
  return failure(
    `Something answered ${response.status} ${response.statusText} (${type}) instead of the graph: is a proxy in between?`,
  )
}

/** Asks the gateway that served this page; GraphQL errors are part of the answer and are shown as they are. */
export const fetcher = createGraphiQLFetcher({
  url: '/graphql',
  // The gateway has no @defer, and without it the toolkit asks for application/graphql-response+json.
  enableIncrementalDelivery: false,
  fetch: fetchFromGateway,
})
