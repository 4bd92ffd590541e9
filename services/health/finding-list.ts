import type { Incomplete } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import type { GraphPort } from '#lib/graph.ts'
import { type Connection, type Order, type PageArguments, pageOf, sorted } from '#lib/page.ts'
import { findingKeys } from './health.ts'
import { type Results, type SubjectType, subjectTypes } from './results.ts'
import type { Finding } from './schema.generated.ts'
import { listSubjects, lists } from './subjects.ts'
import type { Sweep } from './sweep.ts'

/** What `Query.healthFindings` is asked for. */
export interface FindingArguments extends PageArguments {
  readonly outcome?: readonly Finding['outcome'][] | null | undefined
  readonly severity?: readonly Finding['severity'][] | null | undefined
  readonly rule?: readonly string[] | null | undefined
}

const worstFirst: Order<Finding> = { name: 'WORST', keys: findingKeys }

/** Things that are judged within one query at most, of each type; the sweep judges the rest. */
const JUDGED_IN_QUERY = 1_000

/** How many times as old as what counts as fresh a finding may be while a sweep judges in turn, and all of them take a while. */
const ROUNDS = 10

/** Where findings come from. */
export interface FindingSources {
  readonly results: Results
  readonly graph: GraphPort
  readonly sweep: Sweep
  /** Largest page of a list. */
  readonly pageSize: number
  /** Seconds for which what was judged counts as fresh. */
  readonly freshSeconds: number
}

/** The page of what the rules say of everything that the caller may see. */
export async function listFindings(
  sources: FindingSources,
  { first, after, outcome, severity, rule }: FindingArguments,
  context: RequestContext,
): Promise<Connection<Finding>> {
  const parts = await Promise.all(subjectTypes.map((type) => findingsOn(type, sources, context)))
  // From now on: what this query judged need not be judged again at once.
  sources.sweep.asked(context.caller)
  const wanted = outcome ?? ['FAIL', 'UNKNOWN']
  const matching = parts
    .flatMap(({ findings }) => findings)
    .filter(
      (finding) =>
        wanted.includes(finding.outcome) &&
        (severity?.includes(finding.severity) ?? true) &&
        (rule?.includes(finding.rule.id) ?? true),
    )
  const incomplete = parts.flatMap((part) => part.incomplete)
  return pageOf(sorted(matching, worstFirst), worstFirst, { first, after }, sources.pageSize, incomplete)
}

interface Part {
  readonly findings: readonly Finding[]
  readonly incomplete: readonly Incomplete[]
}

async function findingsOn(
  type: SubjectType,
  { results, graph, sweep, pageSize, freshSeconds }: FindingSources,
  context: RequestContext,
): Promise<Part> {
  const { ids, incomplete } = await listSubjects(type, graph, pageSize, context)
  const { caller, maxAgeSeconds = Number.POSITIVE_INFINITY } = context
  // Where a sweep keeps findings up to date, those between two of its rounds answer too.
  const lasting = Math.min(sweep.isWarm(caller) ? freshSeconds * ROUNDS : freshSeconds, maxAgeSeconds)
  const known = ids.map((id) => ({ id, kept: results.kept(id, caller) }))
  const isFit = ({ kept }: (typeof known)[number]) => kept !== undefined && kept.ageSeconds <= lasting
  // Of what is to be judged now, first that of which nothing is known.
  const due = known.filter((one) => !isFit(one) || !one.kept?.sound).sort((a, b) => Number(isFit(a)) - Number(isFit(b)))
  const now = new Map(
    await Promise.all(
      due.slice(0, JUDGED_IN_QUERY).map(async ({ id }) => [id, await results.of(type, id, context)] as const),
    ),
  )
  const healths = known.flatMap((one) => {
    if (now.has(one.id)) return [now.get(one.id) ?? null]
    return isFit(one) && one.kept ? [one.kept.health] : []
  })
  return {
    findings: healths.flatMap((health) => health?.findings ?? []),
    incomplete: [
      ...incomplete,
      ...missing(
        'UNMATCHED',
        healths.filter((health) => health === null).length,
        (count) =>
          `${count} of ${lists[type]} could not be judged: they changed while they were, or could not be read.`,
      ),
      ...missing(
        'TIMEOUT',
        ids.length - healths.length,
        (count) => `${count} of ${lists[type]} are being judged in the background: ask again in a moment.`,
      ),
    ],
  }
}

function missing(reason: Incomplete['reason'], count: number, words: (count: number) => string): Incomplete[] {
  return count === 0 ? [] : [{ source: null, reason, message: words(count), count }]
}
