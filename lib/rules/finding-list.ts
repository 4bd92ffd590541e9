import type { Caller } from '../caller.ts'
import type { Finding, Incomplete } from '../common.generated.ts'
import type { RequestContext } from '../context.ts'
import type { GraphPort } from '../graph.ts'
import { type Connection, type Order, type PageArguments, pageOf, sorted } from '../page.ts'
import { findingKeys } from './finding.ts'
import { listSubjects } from './subjects.ts'
import type { Sweep } from './sweep.ts'

/** What a list of findings is asked for. */
export interface FindingArguments extends PageArguments {
  readonly outcome?: readonly Finding['outcome'][] | null | undefined
  readonly severity?: readonly Finding['severity'][] | null | undefined
  readonly rule?: readonly string[] | null | undefined
}

/** What of the graph is judged: the root field that lists it, and what the rules say of one, null where it is gone. */
export interface JudgedList {
  readonly field: 'models' | 'endpoints'
  of(id: string, context: RequestContext): Promise<Part | null>
}

/** What was judged before of one thing. */
interface KeptPart {
  readonly result: Part
  readonly ageSeconds: number
  /** false: something that an error took away is unknown in it, and may be to be had by now. */
  readonly sound: boolean
}

/** What is judged in the background too. */
export interface KeptList extends JudgedList {
  /** What is kept for callers who see the same; undefined: nothing. */
  kept(id: string, caller: Caller): KeptPart | undefined
  /** Judges whatever is kept. */
  anew(id: string, context: RequestContext): Promise<unknown>
}

/** The sweep that keeps what is listed up to date. */
export interface Keeping {
  readonly lists: readonly KeptList[]
  readonly sweep: Sweep
  /** Seconds for which what was judged counts as fresh. */
  readonly freshSeconds: number
}

/** Things that are judged within one query at most, of each list; the sweep judges the rest. */
const JUDGED_IN_QUERY = 1_000

/** How many times as old as what counts as fresh a finding may be while a sweep judges in turn, and all of them take a while. */
const ROUNDS = 10

/** What rules say of some things, and what of it could not be told. */
interface Part {
  readonly findings: readonly Finding[]
  readonly incomplete: readonly Incomplete[]
}

const worstFirst: Order<Finding> = { name: 'WORST', keys: findingKeys }

/** The page of what the rules say of everything that the caller may see, all of it judged within the query where it has to be. */
export async function listFindings(
  lists: readonly JudgedList[],
  graph: GraphPort,
  given: FindingArguments,
  maximum: number,
  context: RequestContext,
): Promise<Connection<Finding>> {
  return pageOfParts(await Promise.all(lists.map((list) => findingsOn(list, graph, maximum, context))), given, maximum)
}

/** The same, with a sweep behind it: a query judges up to a bound, and what it asked for is judged in the background from now on. */
export async function listKeptFindings(
  keeping: Keeping,
  graph: GraphPort,
  given: FindingArguments,
  maximum: number,
  context: RequestContext,
): Promise<Connection<Finding>> {
  const parts = await Promise.all(keeping.lists.map((list) => findingsKept(list, graph, maximum, context, keeping)))
  // After it, since what this query judged need not be judged again at once.
  keeping.sweep.asked(context.caller)
  return pageOfParts(parts, given, maximum)
}

function pageOfParts(
  parts: readonly Part[],
  { first, after, outcome, severity, rule }: FindingArguments,
  maximum: number,
): Connection<Finding> {
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
  return pageOf(sorted(matching, worstFirst), worstFirst, { first, after }, maximum, incomplete)
}

async function findingsOn(
  { field, of }: JudgedList,
  graph: GraphPort,
  pageSize: number,
  context: RequestContext,
): Promise<Part> {
  const { ids, incomplete } = await listSubjects(field, graph, pageSize, context)
  const judged = await Promise.all(ids.map((id) => of(id, context)))
  return partOf(field, ids.length, judged, incomplete)
}

/** The same, but at most so many things are judged within the query, since a sweep judges the rest. */
async function findingsKept(
  { field, of, kept }: KeptList,
  graph: GraphPort,
  pageSize: number,
  context: RequestContext,
  { sweep, freshSeconds }: Keeping,
): Promise<Part> {
  const { ids, incomplete } = await listSubjects(field, graph, pageSize, context)
  const { caller, maxAgeSeconds = Number.POSITIVE_INFINITY } = context
  // Where a sweep keeps findings up to date, those between two of its rounds answer too.
  const lasting = Math.min(sweep.isWarm(caller) ? freshSeconds * ROUNDS : freshSeconds, maxAgeSeconds)
  const known = ids.map((id) => ({ id, kept: kept(id, caller) }))
  const isFit = ({ kept }: (typeof known)[number]) => kept !== undefined && kept.ageSeconds <= lasting
  // Of what is to be judged now, first that of which nothing is known.
  const due = known.filter((one) => !isFit(one) || !one.kept?.sound).sort((a, b) => Number(isFit(a)) - Number(isFit(b)))
  const now = new Map(
    await Promise.all(due.slice(0, JUDGED_IN_QUERY).map(async ({ id }) => [id, await of(id, context)] as const)),
  )
  const judged = known.flatMap((one) => {
    if (now.has(one.id)) return [now.get(one.id) ?? null]
    return isFit(one) && one.kept ? [one.kept.result] : []
  })
  return partOf(field, ids.length, judged, incomplete)
}

/** `judged`: what was judged of so many things; null: gone while it was. */
function partOf(
  field: string,
  count: number,
  judged: readonly (Part | null)[],
  incomplete: readonly Incomplete[],
): Part {
  const gone = judged.filter((one) => one === null).length
  return {
    findings: judged.flatMap((one) => one?.findings ?? []),
    incomplete: [
      ...incomplete,
      ...missing(
        'UNMATCHED',
        gone,
        `${gone} of ${field} could not be judged: they changed while they were, or could not be read.`,
      ),
      ...missing(
        'TIMEOUT',
        count - judged.length,
        `${count - judged.length} of ${field} are being judged in the background: ask again in a moment.`,
      ),
    ],
  }
}

function missing(reason: Incomplete['reason'], count: number, message: string): Incomplete[] {
  return count === 0 ? [] : [{ source: null, reason, message, count }]
}
