import { decoded } from '../places.ts'

/** GraphQL fragments, by name. Held against GitHub's public schema by a test. */
const FRAGMENTS = {
  Identity: 'fragment Identity on Commit { oid messageHeadline authoredDate url author { name user { login } } }',
  Checks: 'fragment Checks on Commit { statusCheckRollup { state } }',
  Scans: `fragment Scans on Commit {
  scans: statusCheckRollup {
    contexts(first: 100) {
      nodes {
        __typename
        ... on CheckRun { name title status conclusion completedAt detailsUrl checkSuite { app { slug } } }
        ... on StatusContext { context description state targetUrl createdAt }
      }
      pageInfo { hasNextPage }
    }
  }
}`,
  PullRequests: `fragment PullRequests on Commit {
  pullRequests: associatedPullRequests(first: 10) { nodes { ...PullRequest } pageInfo { hasNextPage } }
}`,
  ReviewedPullRequests: `fragment ReviewedPullRequests on Commit {
  reviewed: associatedPullRequests(first: 10) { nodes { ...PullRequest ...Reviews } pageInfo { hasNextPage } }
}`,
  Runs: `fragment Runs on Commit {
  checkSuites(first: 50) {
    nodes {
      status conclusion branch { name } creator { login }
      workflowRun { databaseId url event createdAt updatedAt workflow { name } }
    }
    pageInfo { hasNextPage }
  }
}`,
  PullRequest: `fragment PullRequest on PullRequest {
  number title state createdAt mergedAt url headRefOid baseRefName author { login } mergedBy { login }
}`,
  Reviews: `fragment Reviews on PullRequest {
  reviews(last: 50, states: [APPROVED, CHANGES_REQUESTED, DISMISSED]) {
    nodes { state submittedAt author { login } commit { oid } }
    pageInfo { hasPreviousPage }
  }
}`,
} as const

export type Fragment = keyof typeof FRAGMENTS

/** Which further fragments a fragment uses. */
const USES: Partial<Record<Fragment, readonly Fragment[]>> = {
  PullRequests: ['PullRequest'],
  ReviewedPullRequests: ['PullRequest', 'Reviews'],
}

/** What is looked up in a repository, as the field that does and the type of its argument. */
const LOOKUPS = {
  commit: { type: 'GitObjectID!', field: (variable: string) => `object(oid: ${variable})` },
  revision: { type: 'String!', field: (variable: string) => `object(expression: ${variable})` },
  pullRequest: { type: 'Int!', field: (variable: string) => `pullRequest(number: ${variable})` },
} as const

/** One thing of one repository. */
export interface Item {
  readonly owner: string
  readonly name: string
  readonly lookup: keyof typeof LOOKUPS
  readonly value: string | number
  readonly fragments: readonly Fragment[]
}

/** A GraphQL request, and where its answer has each item. */
export interface Document {
  readonly query: string
  readonly variables: Readonly<Record<string, string | number>>
  readonly places: readonly (readonly [repository: string, item: string])[]
}

/** One request for many things. What others named travels as variables, whatever it holds. */
export function documentOf(items: readonly Item[]): Document {
  const variables: Record<string, string | number> = {}
  const declared: string[] = []
  const declare = (name: string, type: string, value: string | number) => {
    variables[name] = value
    declared.push(`$${name}: ${type}`)
    return `$${name}`
  }
  const places = new Map<Item, readonly [string, string]>()
  const groups = [...Map.groupBy(items, ({ owner, name }) => JSON.stringify([owner, name])).values()]
  const fields = groups.map((group, r) => {
    const [first] = group
    const owner = declare(`owner${r}`, 'String!', first?.owner ?? '')
    const name = declare(`name${r}`, 'String!', first?.name ?? '')
    const inner = group.map((item, i) => {
      places.set(item, [`r${r}`, `i${i}`])
      const { type, field } = LOOKUPS[item.lookup]
      const spread = item.fragments.map((fragment) => ` ...${fragment}`).join('')
      return `    i${i}: ${field(declare(`v${r}x${i}`, type, item.value))} { __typename${spread} }`
    })
    return `  r${r}: repository(owner: ${owner}, name: ${name}) {\n${inner.join('\n')}\n  }`
  })
  const named = new Set(items.flatMap(({ fragments }) => fragments.flatMap((name) => [name, ...(USES[name] ?? [])])))
  const query = [
    `query ModelOps(${declared.join(', ')}) {`,
    ...fields,
    '  rateLimit { limit remaining resetAt }',
    '}',
    ...[...named].map((name) => FRAGMENTS[name]),
  ].join('\n')
  return { query, variables, places: items.map((item) => places.get(item) ?? ['', '']) }
}

/** A repository as GraphQL asks for it. */
export function ownerAndName(repository: string): Pick<Item, 'owner' | 'name'> {
  const [owner = '', name = ''] = repository.split('/').map(decoded)
  return { owner, name }
}
