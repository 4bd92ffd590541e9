import type {
  CommitAnswer,
  CommitRecord,
  JobRecord,
  PipelineRunRecord,
  PullRequestList,
  PullRequestRecord,
  ReviewList,
  RunList,
  ScanList,
} from '../port.ts'
import type { Reported, Scanners } from '../scans.ts'
import { TOOL } from './analyses.ts'
import type {
  WireCheckSuite,
  WireCommit,
  WireJob,
  WirePullRequest,
  WireReported,
  WireReviews,
  WireRun,
} from './wire.ts'

type Status = PipelineRunRecord['status']

/** GitHub's words for states and conclusions, in lower case; new ones appear, and are UNKNOWN. */
const STATUSES: Readonly<Record<string, Status>> = {
  queued: 'QUEUED',
  requested: 'QUEUED',
  waiting: 'QUEUED',
  expected: 'QUEUED',
  pending: 'RUNNING',
  in_progress: 'RUNNING',
  success: 'SUCCESS',
  failure: 'FAILURE',
  error: 'FAILURE',
  timed_out: 'FAILURE',
  startup_failure: 'FAILURE',
  cancelled: 'CANCELLED',
  skipped: 'SKIPPED',
}

function statusOf(word: string | null): Status {
  const known = word?.toLowerCase() ?? ''
  return Object.hasOwn(STATUSES, known) ? (STATUSES[known] ?? 'UNKNOWN') : 'UNKNOWN'
}

/** `completed` says nothing of how it ended: the conclusion does. */
const outcome = ({ status, conclusion }: { status: string | null; conclusion: string | null }): Status =>
  statusOf(isOver(status) ? conclusion : status)

const isOver = (status: string | null): boolean => status?.toLowerCase() === 'completed'

/** The apps of GitHub that scan, by their slug. */
export const scanners: Scanners = { 'github-advanced-security': { kind: 'CODE', tool: TOOL } }

function reportedOf(one: WireReported): Reported {
  if (one.__typename === 'StatusContext') {
    const { context: name, description: summary, state, targetUrl: webUrl, createdAt: finishedAt } = one
    return { name, app: null, summary, status: statusOf(state), finishedAt, webUrl }
  }
  const { name, title: summary, completedAt: finishedAt, detailsUrl: webUrl, checkSuite } = one
  return { name, app: checkSuite?.app?.slug ?? null, summary, status: outcome(one), finishedAt, webUrl }
}

function scansOf(scans: WireCommit['scans'], pick: (reported: readonly Reported[]) => ScanList): ScanList {
  const { nodes, pageInfo } = scans?.contexts ?? { nodes: [], pageInfo: { hasNextPage: false } }
  const { scans: found, gaps } = pick(nodes.map(reportedOf))
  const message = 'has more checks of this commit than the 100 that were read, so that a scan may be missing.'
  return { scans: found, gaps: pageInfo.hasNextPage ? [...gaps, { reason: 'TRUNCATED', message }] : gaps }
}

/** Whatever parts of a commit its answer has. */
export function answerOf(
  repository: string,
  sha: string,
  commit: WireCommit,
  pick: (reported: readonly Reported[]) => ScanList,
): CommitAnswer {
  const { pullRequests, reviewed, checkSuites, statusCheckRollup, scans } = commit
  return {
    commit: commitOf(commit),
    checks: { status: statusCheckRollup ? statusOf(statusCheckRollup.state) : null },
    ...(scans !== undefined && { scans: scansOf(scans, pick) }),
    ...(pullRequests && { pullRequests: pullRequestsOf(repository, pullRequests) }),
    ...(reviewed && { reviewedPullRequests: pullRequestsOf(repository, reviewed) }),
    ...(checkSuites && { runs: runsOf(repository, sha, checkSuites) }),
  }
}

function commitOf({
  messageHeadline: message,
  author,
  authoredDate: authoredAt,
  url: webUrl,
}: WireCommit): CommitRecord {
  return { message, author: author?.user ?? author?.name ?? null, authoredAt, webUrl }
}

function pullRequestsOf(repository: string, list: NonNullable<WireCommit['pullRequests']>): PullRequestList {
  const message = 'has more pull requests with this commit than the 10 that were read.'
  return {
    pullRequests: list.nodes.map((one) => pullRequestOf(repository, one)),
    gaps: list.pageInfo.hasNextPage ? [{ reason: 'TRUNCATED', message }] : [],
  }
}

export function pullRequestOf(repository: string, pull: WirePullRequest): PullRequestRecord {
  const { number, title, state, author, createdAt, mergedAt, mergedBy, baseRefName, headRefOid, url, reviews } = pull
  return {
    ...{ repository, number, title, author, createdAt, mergedAt, mergedBy },
    state: state === 'OPEN' || state === 'MERGED' ? state : 'CLOSED',
    ...{ targetBranch: baseRefName, headSha: headRefOid, webUrl: url },
    ...(reviews && { reviews: reviewsOf(reviews) }),
  }
}

export function reviewsOf({ nodes, pageInfo }: WireReviews): ReviewList {
  return {
    truncated: pageInfo.hasPreviousPage,
    reviews: nodes.flatMap(({ author: by, state, submittedAt: at, commit }) =>
      state === 'APPROVED' || state === 'CHANGES_REQUESTED' || state === 'DISMISSED'
        ? [{ by, verdict: state, at, sha: commit?.oid ?? null }]
        : [],
    ),
  }
}

function runsOf(repository: string, sha: string, suites: NonNullable<WireCommit['checkSuites']>): RunList {
  const message = 'has more check suites of this commit than the 50 that were read.'
  return {
    runs: suites.nodes.flatMap((suite) => runOfSuite(repository, sha, suite) ?? []),
    gaps: suites.pageInfo.hasNextPage ? [{ reason: 'TRUNCATED', message }] : [],
  }
}

/** undefined: the suite is of another app than Actions, which runs no pipelines that GitHub knows. */
function runOfSuite(repository: string, sha: string, suite: WireCheckSuite): PipelineRunRecord | undefined {
  const { workflowRun: run, branch, creator, status } = suite
  if (!run || run.databaseId == null) return undefined
  return {
    ...{ repository, sha, run: String(run.databaseId), name: run.workflow.name, status: outcome(suite) },
    ...{ event: run.event, branch: branch?.name ?? null, actor: creator, webUrl: run.url, createdAt: run.createdAt },
    startedAt: run.createdAt,
    endedAt: isOver(status) ? run.updatedAt : null,
  }
}

export function runOf(repository: string, run: WireRun): PipelineRunRecord {
  const { id, name, path, event, status, head_sha: sha, head_branch: branch, html_url: webUrl, actor } = run
  return {
    ...{
      repository,
      run: id,
      name: name ?? path ?? `run ${id}`,
      status: outcome(run),
      event,
      branch,
      actor,
      sha,
      webUrl,
    },
    ...{ createdAt: run.created_at, startedAt: run.run_started_at },
    endedAt: isOver(status) ? run.updated_at : null,
  }
}

export function jobOf(job: WireJob): JobRecord {
  const { name, started_at: startedAt, completed_at: endedAt, html_url: webUrl } = job
  return { name, status: outcome(job), startedAt, endedAt, webUrl }
}
