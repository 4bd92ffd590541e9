import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { repositoryPath } from '../places.ts'
import type { RunList } from '../port.ts'
import type { Api } from './api.ts'
import { runOf } from './records.ts'
import { runs as runsSchema, type WireRun } from './wire.ts'

/**
 * The CI runs of commits of a repository: of several by the list of the latest, then one by one those that are not in it,
 * since the filter takes a single SHA. The runs of a commit begin together, so a commit that the list has is held to be
 * there with all of them, unless the list ends with it.
 */
export function runsOf(
  api: Api,
  repository: string,
  shas: readonly string[],
  call: UpstreamCall,
): (sha: string) => Promise<RunList | null> {
  const path = `/repos/${repositoryPath(repository)}/actions/runs`

  async function read(query: { head_sha?: string }) {
    const limit = await api.pageSize(call)
    const found = await api.ask(path, runsSchema, call, { ...query, limit })
    return found && { runs: found.workflow_runs, whole: found.workflow_runs.length < limit }
  }

  const latest = shas.length > 1 ? read({}) : undefined
  // Whoever asks for a commit is told.
  latest?.catch(() => {})

  return async (sha) => {
    const list = await latest
    const listed = list ? recorded(repository, list.runs, sha) : undefined
    if (listed && (list?.whole || (listed.runs.length > 0 && !endsWith(list?.runs ?? [], sha)))) return listed
    const own = await read({ head_sha: sha })
    // Without Actions, and before Gitea 1.24, there are no runs to tell of.
    if (own === null) return UNTOLD
    const { runs, gaps } = recorded(repository, own.runs, sha)
    return { runs, gaps: own.whole ? gaps : [...gaps, more(sha)] }
  }
}

const endsWith = (runs: readonly WireRun[], sha: string): boolean => {
  const last = runs.at(-1)
  return (last?.head_sha ?? last?.commit_sha) === sha
}

/** Forgejo's filter has another name for some versions: what is of another commit is left out. */
function recorded(repository: string, runs: readonly WireRun[], sha: string): RunList {
  return { runs: runs.map((run) => runOf(repository, run)).filter((run) => run.sha === sha), gaps: [] }
}

const more = (sha: string) => ({ reason: 'TRUNCATED', message: `has more CI runs of ${sha} than were read.` }) as const

const UNTOLD: RunList = {
  runs: [],
  gaps: [
    {
      reason: 'UNSUPPORTED',
      message: 'tells no CI runs of this repository: it has no Actions, or is a Gitea before 1.24.',
    },
  ],
}
