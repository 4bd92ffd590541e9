import { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { repositoryPath } from '../places.ts'
import type { ScanList, ScanRecord } from '../port.ts'
import { settled } from '../reading.ts'
import type { Api } from './api.ts'
import { analyses, type WireAnalysis } from './wire.ts'

/** Analyses that are read of a repository, the latest: the list knows no filter by commit. */
const MAX_ANALYSES = 100

/**
 * Adds what code scanning found in commits to the scans among their checks: one list for each repository. It counts results
 * of all severities together, so that none at all is all that is known of critical and high ones.
 */
export function createAnalyses(api: Api, call: UpstreamCall) {
  const lists = new Map<string, Promise<readonly WireAnalysis[] | 'off' | 'forbidden'>>()

  async function read(repository: string) {
    const path = `/repos/${repositoryPath(repository)}/code-scanning/analyses`
    const answer = await api.optional(path, analyses, call, { per_page: MAX_ANALYSES })
    return typeof answer === 'string' ? answer : answer.value
  }

  return async (repository: string, sha: string, checks: ScanList): Promise<ScanList> => {
    const reading = lists.get(repository) ?? read(repository)
    lists.set(repository, reading)
    const list = await settled(reading)
    // What checks tell is not lost for that.
    if (list instanceof UpstreamError) {
      const { reason } = list
      return { scans: checks.scans, gaps: [...checks.gaps, { reason, message: UNREAD }] }
    }
    if (typeof list === 'string') return withGap(checks, list === 'off' ? OFF : FORBIDDEN)
    const own = list.filter(({ commit_sha: of }) => of === sha)
    if (own.length === 0) return list.length < MAX_ANALYSES ? checks : withGap(checks, OLDER)
    // The latest of each tool and category: it may have been run anew.
    const scans = [...new Map(own.toReversed().map((one) => [nameOf(one), scanOf(one)])).values()]
    // The check tells of the same scan that a change brought no alert, and nothing of what there is.
    const others = checks.scans.filter(({ tool, name }) => tool !== TOOL || !own.some((one) => one.tool?.name === name))
    return { scans: [...others, ...scans], gaps: checks.gaps.filter(({ reason }) => reason !== 'UNSUPPORTED') }
  }
}

/** What scans by GitHub's own app are called. */
export const TOOL = 'GitHub code scanning'

const nameOf = ({ tool, category }: WireAnalysis): string =>
  [tool?.name ?? TOOL, category].filter((part) => part !== null).join(' ')

function scanOf(one: WireAnalysis): ScanRecord {
  const none = one.error === null && one.results_count === 0 ? 0 : null
  return {
    ...{ kind: 'CODE', name: nameOf(one), tool: TOOL, status: one.error === null ? 'SUCCESS' : 'FAILURE' },
    ...{ critical: none, high: none, finishedAt: one.created_at, webUrl: null },
  }
}

/** What is not told is said where no scan is known otherwise: where the configuration names scans, these are what counts. */
function withGap({ scans, gaps }: ScanList, gap: ScanList['gaps'][number]): ScanList {
  const isUnsaid = gaps.some(({ reason }) => reason === 'UNSUPPORTED')
  return { scans, gaps: isUnsaid && gap !== OFF ? [...gaps, gap] : gaps }
}

const UNREAD = 'could not be asked for its code scanning, so scans may be missing.'

/** The scans of checks say so themselves: UNSUPPORTED. */
const OFF = { reason: 'UNSUPPORTED', message: 'has no code scanning in this repository.' } as const

const FORBIDDEN = {
  reason: 'FORBIDDEN',
  message:
    'does not let the account read code scanning of this repository: give its token the right security_events (code scanning alerts: read).',
} as const

const OLDER = {
  reason: 'TRUNCATED',
  message: `has more analyses of code scanning than the latest ${MAX_ANALYSES}, which were read.`,
} as const
