import { z } from 'zod'
import { login, moment, optionalText, page } from '../reading.ts'

/**
 * What is read of GitHub: REST of version 2022-11-28 (npm @octokit/openapi 23.0.2), GraphQL by its public schema (npm
 * @octokit/graphql-schema 15.26.1). Fields that the specification requires can be absent all the same.
 */
const sha = z
  .string()
  .nullish()
  .transform((value) => value?.toLowerCase() || null)

/** An error of REST; its message is looked at, never shown. */
export const problem = z.object({ message: z.string().default('') })

const budget = z.object({ limit: z.number(), remaining: z.number(), reset: z.number() })
export const rateLimits = z.object({ resources: z.object({ core: budget }) })

export const meta = z.object({ installed_version: optionalText })

export const repository = z.object({ default_branch: optionalText })
export const branch = z.object({ protected: z.boolean().nullish() })
/** `ahead` and `diverged`: the commit has what the branch has not. */
export const comparison = z.object({ status: z.string() })

export const run = z.object({
  id: z.int().transform(String),
  name: optionalText,
  path: optionalText,
  event: optionalText,
  status: optionalText,
  conclusion: optionalText,
  head_sha: sha,
  head_branch: optionalText,
  html_url: page,
  actor: login,
  created_at: moment,
  run_started_at: moment,
  updated_at: moment,
})

export const runs = z.object({ total_count: z.int().optional(), workflow_runs: z.array(run) })

export const jobs = z.object({
  jobs: z.array(
    z.object({
      name: z.string(),
      status: optionalText,
      conclusion: optionalText,
      started_at: moment,
      completed_at: moment,
      html_url: page,
    }),
  ),
})

const review = z.object({
  author: login,
  state: z.string(),
  submittedAt: moment,
  commit: z.object({ oid: sha }).nullish(),
})

const nodes = <T extends z.ZodType>(node: T) =>
  z
    .array(node.nullable())
    .nullish()
    .transform((list) => (list ?? []).filter((one) => one !== null))

const reviews = z.object({ nodes: nodes(review), pageInfo: z.object({ hasPreviousPage: z.boolean() }) })

/** Fragments `PullRequest` and, where `reviews` is there, `Reviews`. */
export const pullRequest = z.object({
  number: z.int(),
  title: z.string(),
  state: z.string(),
  createdAt: moment,
  mergedAt: moment,
  url: page,
  headRefOid: sha,
  baseRefName: optionalText,
  author: login,
  mergedBy: login,
  reviews: reviews.nullish(),
})

const pullRequests = z.object({ nodes: nodes(pullRequest), pageInfo: z.object({ hasNextPage: z.boolean() }) })

const checkSuite = z.object({
  status: z.string(),
  conclusion: optionalText,
  branch: z.object({ name: z.string() }).nullish(),
  creator: login,
  /** null: of another app than Actions. */
  workflowRun: z
    .object({
      databaseId: z.number().nullish(),
      url: page,
      event: optionalText,
      createdAt: moment,
      updatedAt: moment,
      workflow: z.object({ name: z.string() }),
    })
    .nullish(),
})

/** A check run, or what was reported by the older API for statuses. */
const reported = z.union([
  z.object({
    __typename: z.literal('CheckRun'),
    name: z.string(),
    title: optionalText,
    status: optionalText,
    conclusion: optionalText,
    completedAt: moment,
    detailsUrl: page,
    checkSuite: z.object({ app: z.object({ slug: z.string() }).nullish() }).nullish(),
  }),
  z.object({
    __typename: z.literal('StatusContext'),
    context: z.string(),
    description: optionalText,
    state: z.string(),
    targetUrl: page,
    createdAt: moment,
  }),
])

/** The fragments that were asked for; the others are absent. */
export const commit = z.object({
  oid: sha,
  messageHeadline: optionalText,
  authoredDate: moment,
  url: page,
  author: z.object({ name: optionalText, user: login }).nullish(),
  statusCheckRollup: z.object({ state: z.string() }).nullish(),
  /** null: nothing reported. Absent: not asked for. */
  scans: z
    .object({ contexts: z.object({ nodes: nodes(reported), pageInfo: z.object({ hasNextPage: z.boolean() }) }) })
    .nullish(),
  pullRequests: pullRequests.nullish(),
  reviewed: pullRequests.nullish(),
  checkSuites: z.object({ nodes: nodes(checkSuite), pageInfo: z.object({ hasNextPage: z.boolean() }) }).nullish(),
})

export const reviewsOnly = z.object({ reviews: reviews.nullish() })

/** An analysis of code scanning; `error` is empty where there is none. */
const analysis = z.object({
  commit_sha: sha,
  category: optionalText,
  error: optionalText,
  created_at: moment,
  results_count: z.int().nullish(),
  tool: z.object({ name: optionalText }).nullish(),
})

/** The latest first. */
export const analyses = z.array(analysis)

export type WireAnalysis = z.output<typeof analysis>

/** Only the last error is needed of several about one path. */
export const graphqlAnswer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z
    .array(
      z.object({
        type: optionalText,
        path: z
          .array(z.union([z.string(), z.number()]))
          .nullish()
          .transform((path) => path ?? []),
      }),
    )
    .nullish()
    .transform((errors) => errors ?? []),
})

export const rateLimit = z.object({ limit: z.number(), remaining: z.number(), resetAt: moment }).nullish()

export type WireReported = z.output<typeof reported>
export type WireCommit = z.output<typeof commit>
export type WirePullRequest = z.output<typeof pullRequest>
export type WireReviews = z.output<typeof reviews>
export type WireRun = z.output<typeof run>
export type WireCheckSuite = z.output<typeof checkSuite>
export type WireJob = z.output<typeof jobs>['jobs'][number]
