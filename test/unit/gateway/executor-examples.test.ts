import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examples } from '../../../web/examples.ts'
import { startCompanyGraph } from '../../federation/company-graph.ts'
import type { Graph } from '../../federation/graph.ts'
import { WHOLE } from '../../federation/together.ts'

const MODEL = '... on Model { name served { nodes { version link { method } } } champion { version run { name } } }'

const queries = [
  ...examples,
  { title: 'the whole graph', query: WHOLE },
  {
    title: 'things by id',
    query: `{
      models(first: 3) { nodes { id __typename } }
      node(id: "Dataset:s3%3A%2F%2Fnowhere:nothing") { __typename id ... on Dataset { name usedByRuns { totalCount } } }
      missing: node(id: "Model:nowhere:nothing") { __typename id ${MODEL} }
      none: node(id: "nothing") { id }
    }`,
  },
]

/** The first time Apollo answers, the second what is compiled, over graphql-js, the third over graphql-jit. */
describe('at the demonstration company, what is asked again is answered as the first time', () => {
  let graph: Graph
  beforeAll(async () => {
    graph = await startCompanyGraph()
    // Everything is read, so that answers differ by nothing but their age.
    await graph.data(WHOLE)
  })
  afterAll(() => graph.close())

  it.each(queries)('$title', async ({ query }) => {
    const expected = timeless(await graph.ask(query))
    for (const time of ['second', 'third']) {
      expect(timeless(await graph.ask(query)), `the ${time} time`).toEqual(expected)
    }
  })

  it('hundreds of things at once, of every type', async () => {
    const { models } = await graph.data<{ models: { nodes: { id: string }[] } }>('{ models { nodes { id } } }')
    const ids = models.nodes.flatMap(({ id }) => [id, id.replace('Model:', 'TrainingRun:'), 'nothing'])
    const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ${MODEL} ... on TrainingRun { name } } }`
    const expected = timeless(await graph.ask(query, { variables: { ids } }))
    for (const time of ['second', 'third']) {
      expect(timeless(await graph.ask(query, { variables: { ids } })), `the ${time} time`).toEqual(expected)
    }
  })
})

/** What differs from one request to the next, whatever is asked. */
const ofTheRequest = new Set([
  ...['ageSeconds', 'requestId', 'latencyMilliseconds', 'lastSuccessAt', 'lastFailureAt', 'fetchedAt', 'locations'],
])

/** Figures that are reckoned up to now: that there is one is compared, and on how much it rests. */
const upToNow = new Set(['deploymentsPerWeek', 'waitedSeconds', 'judgedAt'])

/** An answer without the time that goes by. */
function timeless(answer: object): unknown {
  return JSON.parse(
    JSON.stringify(answer, (key, value) => {
      if (ofTheRequest.has(key)) return undefined
      if (upToNow.has(key)) return kindOf(value)
      if (key !== 'modelAgeSeconds' || !value) return value
      const { median, p90, ...rest } = value
      return { ...rest, median: kindOf(median), p90: kindOf(p90) }
    }),
  )
}

const kindOf = (value: unknown) => (value === null ? null : typeof value)
