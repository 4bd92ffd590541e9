import type { z } from 'zod'
import type { CommitRecord, JobRecord, PipelineRunRecord, PullRequestRecord, ReviewRecord } from '../port.ts'
import type { commit, jobs, reviews, WirePull, WireRun } from './wire.ts'

type Status = PipelineRunRecord['status']

/** The words of Gitea's statuses and conclusions, which are GitHub's, and those of Forgejo. */
const STATUSES: Readonly<Record<string, Status>> = {
  queued: 'QUEUED',
  waiting: 'QUEUED',
  requested: 'QUEUED',
  blocked: 'QUEUED',
  pending: 'RUNNING',
  running: 'RUNNING',
  in_progress: 'RUNNING',
  success: 'SUCCESS',
  failure: 'FAILURE',
  error: 'FAILURE',
  cancelled: 'CANCELLED',
  skipped: 'SKIPPED',
}

/** The graph's word for one of the tool's; what is not known stays so. */
export function statusOf(word: string | null): Status {
  return word !== null && Object.hasOwn(STATUSES, word) ? (STATUSES[word] ?? 'UNKNOWN') : 'UNKNOWN'
}

/** `completed` says nothing of how it ended: the conclusion does. */
const outcome = ({ status, conclusion }: { status: string | null; conclusion: string | null }): Status =>
  statusOf(status === 'completed' ? conclusion : status)

export function commitOf({
  commit: { message, author },
  author: account,
  html_url,
}: z.output<typeof commit>): CommitRecord {
  return {
    message: message?.trimEnd() ?? null,
    author: account ?? author.name,
    ...{ authoredAt: author.date, webUrl: html_url },
  }
}

export function pullRequestOf(repository: string, pull: WirePull): PullRequestRecord {
  const { number, title, state, merged, user, created_at, merged_at, base, head, html_url } = pull
  return {
    ...{ repository, number, title, author: user, createdAt: created_at, mergedAt: merged_at },
    state: merged ? 'MERGED' : state === 'open' ? 'OPEN' : 'CLOSED',
    ...{ targetBranch: base.ref, headSha: head.sha, webUrl: html_url },
    ...(merged ? pull.merged_by !== null && { mergedBy: pull.merged_by } : { mergedBy: null }),
  }
}

const VERDICTS: Readonly<Record<string, ReviewRecord['verdict']>> = {
  APPROVED: 'APPROVED',
  REQUEST_CHANGES: 'CHANGES_REQUESTED',
}

/** A review that says yes or no; undefined: a comment, or a request for one. */
export function reviewOf(review: z.output<typeof reviews>[number]): ReviewRecord | undefined {
  const { user: by, state, dismissed, commit_id: sha, submitted_at: at } = review
  const verdict = Object.hasOwn(VERDICTS, state) ? VERDICTS[state] : undefined
  return verdict && { by, verdict: dismissed ? 'DISMISSED' : verdict, at, sha }
}

export function runOf(repository: string, run: WireRun): PipelineRunRecord {
  const file = run.workflow_id ?? run.path?.split('@')[0] ?? null
  const status = outcome(run)
  return {
    ...{ repository, run: run.id, name: file ?? `run ${run.id}`, status, event: run.event },
    branch: run.head_branch ?? run.prettyref,
    actor: run.actor ?? run.trigger_user,
    createdAt: run.created,
    startedAt: run.started_at ?? run.started,
    endedAt: run.completed_at ?? run.stopped,
    sha: run.head_sha ?? run.commit_sha,
    webUrl: run.html_url,
  }
}

export function jobOf(job: z.output<typeof jobs>['jobs'][number]): JobRecord {
  const { name, started_at: startedAt, completed_at: endedAt, html_url: webUrl } = job
  return { name, status: outcome(job), startedAt, endedAt, webUrl }
}
