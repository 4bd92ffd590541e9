/** What a stand-in of a forge holds. Times are milliseconds since 1970. */
export interface ForgeData {
  readonly repositories: readonly RepositorySpec[]
}

export interface RepositorySpec {
  /** As `owner/name`; asked for in any case. */
  readonly path: string
  /** Default: main. */
  readonly defaultBranch?: string
  /** Whether the default branch is protected. */
  readonly isProtected?: boolean
  readonly commits: readonly CommitSpec[]
  readonly pulls?: readonly PullSpec[]
  readonly runs?: readonly RunSpec[]
  readonly statuses?: readonly StatusSpec[]
  /** Of GitHub's code scanning, the latest first; 'forbidden': the account may not read them. Absent: it is not enabled. */
  readonly analyses?: readonly AnalysisSpec[] | 'forbidden'
}

export interface AnalysisSpec {
  readonly sha: string
  readonly tool: string
  readonly category?: string
  readonly results: number
  readonly error?: string
  readonly at: number
}

export interface AccountSpec {
  readonly login: string
  /** As git has it; the login when absent. */
  readonly name?: string
}

export interface CommitSpec {
  readonly sha: string
  readonly message: string
  readonly author: AccountSpec
  readonly at: number
  /** true when absent. */
  readonly onDefaultBranch?: boolean
}

export interface PullSpec {
  readonly number: number
  readonly title: string
  readonly author: string
  readonly createdAt: number
  readonly updatedAt?: number
  readonly branch: string
  /** Default: the default branch. */
  readonly base?: string
  readonly head: string
  /** Commits that it brings beside its head. */
  readonly commits?: readonly string[]
  readonly merged?: { readonly at: number; readonly by: string; readonly commit: string }
  /** true: closed without. */
  readonly closed?: boolean
  readonly reviews?: readonly ReviewSpec[]
}

export interface ReviewSpec {
  readonly by: string
  readonly verdict: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED'
  readonly at: number
  readonly sha: string
  readonly dismissed?: boolean
}

export interface RunSpec {
  readonly id: number
  /** The same as the id when absent. */
  readonly number?: number
  readonly workflow: { readonly name: string; readonly file: string }
  readonly title: string
  readonly event: string
  /** null: of a pull request in Gitea. */
  readonly branch: string | null
  readonly pull?: number
  readonly sha: string
  readonly actor: string
  readonly createdAt: number
  readonly startedAt?: number
  readonly endedAt?: number
  /** Absent: under way, or queued where it has not started. */
  readonly conclusion?: 'success' | 'failure' | 'cancelled' | 'skipped'
  readonly jobs?: readonly JobSpec[]
  /** Slug of the app that GitHub says reported it. Default: github-actions. */
  readonly app?: string
}

export interface JobSpec {
  readonly id: number
  readonly name: string
  readonly startedAt?: number
  readonly endedAt?: number
  readonly conclusion?: NonNullable<RunSpec['conclusion']>
}

/** A status that somebody reported on a commit. */
export interface StatusSpec {
  readonly sha: string
  readonly context: string
  readonly state: string
  readonly targetUrl?: string
  readonly description?: string
  readonly at?: number
}

/** A run's or a job's state in words that both forges use. */
export function stateOf({ startedAt, conclusion }: Pick<RunSpec, 'startedAt' | 'conclusion'>): string {
  if (conclusion !== undefined) return 'completed'
  return startedAt === undefined ? 'queued' : 'in_progress'
}
