import type { Port } from '#lib/adapter.ts'
import type { Incomplete } from '#lib/common.generated.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { Delivery, DeliveryAnswer } from '#lib/webhook.ts'
import type { Places } from './places.ts'
import type { PipelineStatus, PullRequestState, ScanKind } from './schema.generated.ts'
import type { Change } from './webhook.ts'

/**
 * What a forge or CI server must offer. Repositories are `owner/name` in lower case, SHAs are full and in lower case, times
 * are milliseconds since 1970. `null` is "the tool does not tell", an empty list "it told us: none". By-key methods answer
 * in the order of their keys, `null` for what the tool does not have or does not show to the gateway's account, an
 * UpstreamError for what could not be asked. They batch as the tool allows.
 */
export interface CiPort extends Port {
  /** Which repositories are to be looked for here. */
  readonly places: Places
  /** What is asked of each commit, and nothing more. */
  commits(asked: readonly CommitQuestion[], call: UpstreamCall): Answers<CommitAnswer>
  /** SHAs that one request can look up. */
  readonly shasAtOnce: number
  /** The full SHA behind the beginning of one. null: no commit has it, or several have. */
  fullShas(short: readonly CommitKey[], call: UpstreamCall): Answers<string>
  pullRequests(keys: readonly PullRequestKey[], call: UpstreamCall): Answers<PullRequestRecord>
  reviews(keys: readonly PullRequestKey[], call: UpstreamCall): Answers<ReviewList>
  runs(keys: readonly RunKey[], call: UpstreamCall): Answers<PipelineRunRecord>
  /** Of the latest attempt. */
  jobs(keys: readonly RunKey[], call: UpstreamCall): Answers<readonly JobRecord[]>
  /** The latest runs of repositories, newest first. */
  latestRuns(repositories: readonly string[], call: UpstreamCall): Answers<RunList>
  /** The run that the path of a web page leads to, by its form alone. */
  runAt(path: string): RunKey | undefined
  /** Verifies a delivery of the tool; absent: none is expected. */
  readonly received?: ((delivery: Delivery) => DeliveryAnswer & { readonly change?: Change }) | undefined
}

/** One answer for each key. */
export type Answers<T> = Promise<readonly (T | null | Error)[]>

/** Which commit. */
export interface CommitKey {
  readonly repository: string
  readonly sha: string
}

/** Which pull request. */
export interface PullRequestKey {
  readonly repository: string
  readonly number: number
}

/** Which CI run. */
export interface RunKey {
  readonly repository: string
  /** The tool's own id of it. */
  readonly run: string
}

/** A commit, and what is asked of it. */
export interface CommitQuestion extends CommitKey {
  readonly parts: ReadonlySet<CommitPart>
}

/** What can be asked of a commit, apart from each other since each may cost. */
export interface CommitParts {
  readonly commit: CommitRecord
  readonly pullRequests: PullRequestList
  /** The same with their reviews, where the tool tells both at once. */
  readonly reviewedPullRequests: PullRequestList
  readonly runs: RunList
  readonly checks: ChecksRecord
  readonly scans: ScanList
  readonly protection: ProtectionRecord
}

export type CommitPart = keyof CommitParts

/** Every part. */
export const commitParts = Object.keys({
  ...{ commit: 0, pullRequests: 0, reviewedPullRequests: 0, runs: 0, checks: 0, scans: 0, protection: 0 },
} satisfies Record<CommitPart, 0>) as readonly CommitPart[]

/** The parts that were asked for; null: the tool has no such commit. */
export type CommitAnswer = { readonly [P in CommitPart]?: CommitParts[P] | null | Error }

/** A commit. */
export interface CommitRecord {
  readonly message: string | null
  readonly author: string | null
  readonly authoredAt: number | null
  readonly webUrl: string | null
}

/** All checks of a commit in one word. */
interface ChecksRecord {
  /** null: none reported. */
  readonly status: PipelineStatus | null
}

/** Scans that reported on a commit. */
export interface ScanList {
  readonly scans: readonly ScanRecord[]
  readonly gaps: readonly Gap[]
}

/** A check that looked for something wrong. */
export interface ScanRecord {
  readonly kind: ScanKind
  readonly name: string
  readonly tool: string | null
  readonly status: PipelineStatus
  /** Findings of that severity; null: it does not tell. */
  readonly critical: number | null
  readonly high: number | null
  readonly finishedAt: number | null
  readonly webUrl: string | null
}

/** Whether a commit is on the default branch, and that is protected. */
export interface ProtectionRecord {
  readonly onProtectedBranch: boolean | null
}

/** What a list does not hold, in words that go on after the name of the source. */
type Gap = Pick<Incomplete, 'reason' | 'message'>

/** Pull requests that a commit came in by. */
export interface PullRequestList {
  readonly pullRequests: readonly PullRequestRecord[]
  readonly gaps: readonly Gap[]
}

/** A pull request. */
export interface PullRequestRecord extends PullRequestKey {
  readonly title: string
  readonly state: PullRequestState
  readonly author: string | null
  readonly createdAt: number | null
  readonly mergedAt: number | null
  /** Absent: a list does not tell it, the pull request by its key does. */
  readonly mergedBy?: string | null
  readonly targetBranch: string | null
  /** Of what was merged, where it was. */
  readonly headSha: string | null
  readonly webUrl: string | null
  /** Absent: not asked for. */
  readonly reviews?: ReviewList
}

/** Reviews of a pull request. */
export interface ReviewList {
  /** Oldest first. */
  readonly reviews: readonly ReviewRecord[]
  /** true: there are older ones. */
  readonly truncated: boolean
}

/** A review that says something. */
export interface ReviewRecord {
  /** Login. null: the account is gone. */
  readonly by: string | null
  readonly verdict: 'APPROVED' | 'CHANGES_REQUESTED' | 'DISMISSED'
  readonly at: number | null
  /** The commit that was looked at. */
  readonly sha: string | null
}

/** CI runs. */
export interface RunList {
  readonly runs: readonly PipelineRunRecord[]
  readonly gaps: readonly Gap[]
}

/** A CI run. */
export interface PipelineRunRecord extends RunKey {
  readonly name: string
  readonly status: PipelineStatus
  readonly event: string | null
  readonly branch: string | null
  readonly actor: string | null
  readonly createdAt: number | null
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly sha: string | null
  readonly webUrl: string | null
}

/** A job of a CI run. */
export interface JobRecord {
  readonly name: string
  readonly status: PipelineStatus
  readonly startedAt: number | null
  readonly endedAt: number | null
  readonly webUrl: string | null
}
