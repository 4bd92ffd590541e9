import { buildSchema } from 'graphql'

/** The part of GitHub's public GraphQL schema that the stand-in answers. A test holds it against the whole. */
export const schema = buildSchema(`
scalar DateTime
scalar GitObjectID
scalar URI

type Query {
  rateLimit: RateLimit
  repository(owner: String!, name: String!): Repository
}
type RateLimit { cost: Int! limit: Int! remaining: Int! resetAt: DateTime! }
type Repository {
  id: ID!
  object(expression: String, oid: GitObjectID): GitObject
  pullRequest(number: Int!): PullRequest
}
interface GitObject { oid: GitObjectID! }
interface Actor { login: String! }
type User implements Actor { login: String! }
type GitActor { name: String user: User }
type Commit implements GitObject {
  oid: GitObjectID!
  messageHeadline: String!
  authoredDate: DateTime!
  committedDate: DateTime!
  url: URI!
  author: GitActor
  statusCheckRollup: StatusCheckRollup
  checkSuites(first: Int): CheckSuiteConnection
  associatedPullRequests(first: Int): PullRequestConnection
  deployments(first: Int): DeploymentConnection
}
enum StatusState { ERROR EXPECTED FAILURE PENDING SUCCESS }
enum CheckStatusState { COMPLETED IN_PROGRESS QUEUED }
enum CheckConclusionState { CANCELLED FAILURE SKIPPED SUCCESS }
enum CheckRunState { IN_PROGRESS SUCCESS }
type StatusCheckRollup { state: StatusState! contexts(first: Int): StatusCheckRollupContextConnection! }
type StatusCheckRollupContextConnection {
  checkRunCountsByState: [CheckRunStateCount!]
  nodes: [StatusCheckRollupContext]
  pageInfo: PageInfo!
}
type CheckRunStateCount { state: CheckRunState! count: Int! }
union StatusCheckRollupContext = CheckRun | StatusContext
type CheckRun {
  databaseId: Int
  name: String!
  title: String
  status: CheckStatusState!
  conclusion: CheckConclusionState
  startedAt: DateTime
  completedAt: DateTime
  detailsUrl: URI
  checkSuite: CheckSuite!
}
type StatusContext { context: String! description: String state: StatusState! targetUrl: URI createdAt: DateTime! }
type CheckSuiteConnection { nodes: [CheckSuite] pageInfo: PageInfo! }
type CheckSuite {
  status: CheckStatusState!
  conclusion: CheckConclusionState
  branch: Ref
  creator: User
  app: App
  workflowRun: WorkflowRun
}
type App { slug: String! }
type Ref { name: String! }
type WorkflowRun {
  databaseId: Int
  runNumber: Int!
  url: URI!
  event: String!
  createdAt: DateTime!
  updatedAt: DateTime!
  workflow: Workflow!
}
type Workflow { name: String! }
type PullRequestConnection { nodes: [PullRequest] pageInfo: PageInfo! }
enum PullRequestState { OPEN CLOSED MERGED }
enum PullRequestReviewDecision { CHANGES_REQUESTED APPROVED REVIEW_REQUIRED }
enum PullRequestReviewState { PENDING COMMENTED APPROVED CHANGES_REQUESTED DISMISSED }
type PullRequest {
  number: Int!
  title: String!
  state: PullRequestState!
  merged: Boolean!
  createdAt: DateTime!
  mergedAt: DateTime
  url: URI!
  headRefOid: GitObjectID!
  baseRefName: String!
  author: Actor
  mergedBy: Actor
  reviewDecision: PullRequestReviewDecision
  reviews(last: Int, states: [PullRequestReviewState!]): PullRequestReviewConnection
  latestOpinionatedReviews(first: Int): PullRequestReviewConnection
}
type PullRequestReviewConnection { nodes: [PullRequestReview] pageInfo: PageInfo! }
type PullRequestReview { state: PullRequestReviewState! submittedAt: DateTime author: Actor commit: Commit }
type DeploymentConnection { nodes: [Deployment] }
enum DeploymentState { ACTIVE }
type Deployment { environment: String state: DeploymentState createdAt: DateTime! }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! }
`)
