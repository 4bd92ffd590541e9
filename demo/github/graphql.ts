import { GraphQLError, graphqlSync } from 'graphql'
import type { CommitSpec, PullSpec, RepositorySpec, ReviewSpec, RunSpec } from '../forge/spec.ts'
import { stateOf } from '../forge/spec.ts'
import { schema } from './schema.ts'
import { defaultBranch, time } from './wire.ts'

/** What is left of a budget. */
export interface Budget {
  readonly limit: number
  readonly remaining: number
  /** Milliseconds since 1970. */
  readonly resetAt: number
}

export interface World {
  /** Address of its pages. */
  readonly web: string
  readonly repositories: readonly RepositorySpec[]
  readonly budget: Budget | null
}

/** Answers a GraphQL request as GitHub does, in its form of errors. */
export function answer(world: World, { query, variables }: { query: string; variables?: Record<string, unknown> }) {
  const { data, errors } = graphqlSync({
    ...{ schema, source: query, variableValues: variables ?? {}, rootValue: rootOf(world) },
    // Objects of the spec carry their type; an interface or a union is told by it.
    typeResolver: (value: { __typename?: string }) => value.__typename,
    fieldResolver: (source, args, _context, { fieldName }) => {
      const value = source[fieldName]
      return typeof value === 'function' ? value(args) : value
    },
  })
  return {
    ...(data !== undefined && { data }),
    ...(errors && {
      errors: errors.map(({ message, path, locations, extensions: { type } }) => ({
        ...(type !== undefined && { type }),
        ...{ path, locations, message },
      })),
    }),
  }
}

function rootOf({ web, repositories, budget }: World) {
  return {
    rateLimit: () =>
      budget && { cost: 1, limit: budget.limit, remaining: budget.remaining, resetAt: time(budget.resetAt) },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const repository = repositories.find(({ path }) => path.toLowerCase() === `${owner}/${name}`.toLowerCase())
      if (repository) return repositoryOf(web, repository)
      const message = `Could not resolve to a Repository with the name '${owner}/${name}'.`
      throw new GraphQLError(message, { extensions: { type: 'NOT_FOUND' } })
    },
  }
}

function repositoryOf(web: string, repository: RepositorySpec) {
  const { commits, pulls = [] } = repository
  const page = `${web}/${repository.path}`
  return {
    id: repository.path,
    object: ({ oid, expression }: { oid?: string; expression?: string }) => {
      const found = commits.filter(({ sha }) => sha === oid || (expression !== undefined && sha.startsWith(expression)))
      const head =
        expression === 'HEAD' ? commits.filter(({ onDefaultBranch = true }) => onDefaultBranch).at(-1) : undefined
      // A beginning that several have names none.
      const commit = head ?? (found.length === 1 ? found[0] : undefined)
      return commit ? commitOf(page, repository, commit) : null
    },
    pullRequest: ({ number }: { number: number }) => {
      const pull = pulls.find((one) => one.number === number)
      if (pull) return pullOf(page, repository, pull)
      const message = `Could not resolve to a PullRequest with the number of ${number}.`
      throw new GraphQLError(message, { extensions: { type: 'NOT_FOUND' } })
    },
  }
}

function commitOf(page: string, repository: RepositorySpec, { sha, message, author, at }: CommitSpec) {
  const { runs = [], statuses = [], pulls = [] } = repository
  const own = runs.filter((run) => run.sha === sha)
  const reported = statuses.filter((status) => status.sha === sha)
  // Those that brought it, merged or open.
  const associated = pulls.filter(
    ({ head, merged, commits = [] }) => head === sha || merged?.commit === sha || commits.includes(sha),
  )
  return {
    __typename: 'Commit',
    oid: sha,
    messageHeadline: message.split('\n')[0],
    ...{ authoredDate: time(at), committedDate: time(at), url: `${page}/commit/${sha}` },
    author: { name: author.name ?? author.login, user: { login: author.login } },
    statusCheckRollup: own.length + reported.length > 0 ? rollup(page, own, reported) : null,
    checkSuites: connection(own.map((run) => suiteOf(page, run))),
    associatedPullRequests: connection(associated.map((pull) => pullOf(page, repository, pull))),
    deployments: { nodes: [] },
  }
}

function rollup(page: string, runs: readonly RunSpec[], statuses: NonNullable<RepositorySpec['statuses']>) {
  const checks = runs.flatMap((run) => (run.jobs ?? []).map((job) => ({ run, job })))
  const states = [...checks.map(({ job }) => jobState(job)), ...statuses.map(({ state }) => state.toUpperCase())]
  const counted = Map.groupBy(checks, ({ job }) => jobState(job))
  const state = ['FAILURE', 'ERROR', 'CANCELLED'].some((bad) => states.includes(bad))
    ? 'FAILURE'
    : states.every((one) => one === 'SUCCESS' || one === 'SKIPPED')
      ? 'SUCCESS'
      : 'PENDING'
  return {
    state,
    contexts: {
      checkRunCountsByState: [...counted].map(([name, all]) => ({ state: name, count: all.length })),
      nodes: [
        ...checks.map(({ run, job }) => ({
          __typename: 'CheckRun',
          ...{
            databaseId: job.id,
            name: job.name,
            title: null,
            status: word(stateOf(job)),
            conclusion: word(job.conclusion),
          },
          ...{ startedAt: time(job.startedAt), completedAt: time(job.endedAt) },
          detailsUrl: `${page}/actions/runs/${run.id}/job/${job.id}`,
          checkSuite: suiteOf(page, run),
        })),
        ...statuses.map(({ context, description = null, state: said, targetUrl = null, at = 0 }) => {
          return {
            __typename: 'StatusContext',
            context,
            description,
            state: said.toUpperCase(),
            targetUrl,
            createdAt: time(at),
          }
        }),
      ],
      pageInfo: { hasNextPage: false },
    },
  }
}

const word = (text: string | undefined): string | null => text?.toUpperCase() ?? null
const jobState = (job: NonNullable<RunSpec['jobs']>[number]): string => word(job.conclusion ?? stateOf(job)) ?? ''

function suiteOf(page: string, run: RunSpec) {
  const { id, number = id, workflow, event, branch, actor, createdAt, startedAt, endedAt, conclusion } = run
  return {
    ...{ status: word(stateOf(run)), conclusion: word(conclusion) },
    branch: branch === null ? null : { name: branch },
    creator: { login: actor },
    app: { slug: run.app ?? 'github-actions' },
    workflowRun: {
      ...{ databaseId: id, runNumber: number, url: `${page}/actions/runs/${id}`, event },
      ...{ createdAt: time(createdAt), updatedAt: time(endedAt ?? startedAt ?? createdAt) },
      workflow: { name: workflow.name },
    },
  }
}

function pullOf(page: string, repository: RepositorySpec, pull: PullSpec) {
  const {
    number,
    title,
    author,
    createdAt,
    merged,
    closed,
    head,
    base = defaultBranch(repository),
    reviews = [],
  } = pull
  const account = (login: string) => ({ __typename: 'User', login })
  const shown = (review: ReviewSpec) => ({
    state: review.dismissed ? 'DISMISSED' : review.verdict,
    ...{ submittedAt: time(review.at), author: account(review.by), commit: { oid: review.sha } },
  })
  const opinions = new Map(
    reviews.filter(({ verdict }) => verdict !== 'COMMENTED').map((review) => [review.by, shown(review)]),
  )
  const isApproved = [...opinions.values()].some(({ state }) => state === 'APPROVED')
  return {
    ...{ number, title, state: merged ? 'MERGED' : closed ? 'CLOSED' : 'OPEN', merged: merged !== undefined },
    ...{ createdAt: time(createdAt), mergedAt: time(merged?.at), url: `${page}/pull/${number}` },
    ...{ headRefOid: head, baseRefName: base, author: account(author), mergedBy: merged ? account(merged.by) : null },
    reviewDecision: isApproved ? 'APPROVED' : null,
    latestOpinionatedReviews: { nodes: [...opinions.values()], pageInfo: { hasPreviousPage: false } },
    reviews: ({ last, states }: { last: number; states?: readonly string[] }) => {
      const all = reviews.map(shown).filter(({ state }) => states?.includes(state) ?? true)
      return { nodes: all.slice(-last), pageInfo: { hasPreviousPage: all.length > last } }
    },
  }
}

function connection<T>(items: readonly T[]) {
  return ({ first }: { first: number }) => ({
    nodes: items.slice(0, first),
    pageInfo: { hasNextPage: items.length > first, hasPreviousPage: false },
  })
}
