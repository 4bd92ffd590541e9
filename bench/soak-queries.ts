import { bodies } from './query.ts'

/** Something that a client sends. */
export interface Question {
  readonly body: string
  readonly headers?: Record<string, string>
  /** Milliseconds after which the client goes away. */
  readonly patience?: number
}

/** One query over every part of the graph. */
export const WHOLE = `query Whole {
  sources { id title status { state message } }
  me { subject }
  models { totalCount nodes { name champion { version run { name } servedBy { nodes { link { method } } incomplete { source reason message } } } } incomplete { source reason message } }
  endpoints { nodes { name state served { name origins { nodes { modelVersion { version } link { method } } incomplete { source reason message } } } } incomplete { source reason message } }
}`

const portfolio = bodies([])
const byId = `query ($id: ID!) { node(id: $id) { id ... on Model { name served { nodes { version } incomplete { source reason message } } } } model(id: $id) { name latestVersion { run { name metrics { name value } } incomplete { source reason message } } } }`
const search =
  'query ($text: String!) { models(where: { search: $text }, first: 5) { totalCount nodes { name aliases { name modelVersion { signature { inputs { name } } } } } incomplete { source reason message } } }'

/** Enough different documents to plan and compile that caches are used, and few enough that they fill up soon. */
const DOCUMENTS = 100

const mixture: readonly ((i: number) => Question)[] = [
  (i) => ({ body: portfolio[i % portfolio.length] ?? '' }),
  (i) => ({ body: query(byId, { id: `Model:mlflow:model-${String(i % 60).padStart(5, '0')}` }) }),
  () => ({ body: query(WHOLE) }),
  (i) => ({ body: query(search, { text: String(i % 50) }) }),
  () => ({ body: query(WHOLE), headers: { 'cache-control': 'no-cache' } }),
  (i) => ({
    body: query(
      `{ a${i % DOCUMENTS}: models(first: 3) { nodes { name champion { run { name } } } incomplete { source reason message } } }`,
    ),
  }),
  (i) => ({ body: portfolio[i % portfolio.length] ?? '', patience: i % 40 }),
  () => ({
    body: query(
      '{ endpoints { nodes { name served { name inputs { name } } } incomplete { source reason message } } }',
    ),
  }),
  () => ({ body: query('{ models { nodes { nam } } }') }),
  () => ({ body: '{"query": "{ models {' }),
]

/** What the client of a number asks: all sorts, in turn. */
export const questionOf = (i: number): Question => mixture[i % mixture.length]?.(i) ?? { body: query(WHOLE) }

function query(text: string, variables: object = {}): string {
  return JSON.stringify({ query: text, variables })
}
