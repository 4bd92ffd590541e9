import type { Incomplete } from '../common.generated.ts'
import type { AnswerErrors } from './answer.ts'
import type { RuleEnvironment } from './environment.ts'
import { type Raw, type Read, startRun } from './facts.ts'
import type { RuleFile } from './file.ts'
import type { Condition, Verdict } from './logic.ts'
import { plain, type Template } from './message.ts'
import { Missing, unaccounted } from './missing.ts'
import type { Overrides } from './parameters.ts'
import type { Shape } from './shape.ts'

/** A rule, checked and ready to judge. */
export interface Rule
  extends Pick<
    RuleFile,
    'id' | 'title' | 'description' | 'on' | 'severity' | 'readiness' | 'gates' | 'tier' | 'clauses'
  > {
  /** Why it matters. */
  readonly why: string | null
  readonly remedy: string | null
  readonly parameters: RuleFile['parameters']
  /** Of the file's text. */
  readonly hash: string
  /** What it asks of the graph. */
  readonly shape: Shape
  judge(subject: Subject): Judgement
}

/** What is judged. */
export interface Subject {
  /** Its facts, as the graph answered. */
  readonly raw: Raw
  /** Where they stand in the answer. */
  readonly at: string
  readonly errors: AnswerErrors
  readonly now: Date
  readonly overrides: Overrides
}

/** What a rule says of a subject. */
export interface Judgement {
  readonly outcome: 'PASS' | 'FAIL' | 'UNKNOWN' | 'NOT_APPLICABLE'
  readonly message: string
  readonly evidence: readonly Evidence[]
  /** What was not told and would have decided. */
  readonly incomplete: readonly Incomplete[]
  /** When the oldest fact read was asked of its source; undefined: no fact tells. */
  readonly asOf: string | undefined
}

/** A fact as findings show it. */
interface Evidence {
  readonly path: string
  readonly value: string | null
  readonly source: string | null
  readonly fetchedAt: string | null
}

/** The conditions and the sentence of a rule, compiled. */
export interface Compiled {
  readonly environment: RuleEnvironment
  readonly when: Condition | undefined
  readonly unknown: Condition | undefined
  readonly pass: Condition
  readonly message: Template
}

/** Most facts that a finding shows. */
const MAX_EVIDENCE = 20

/** Judges a subject: `when` first, then what the rule itself calls untellable, then `pass`. */
export function judge(
  { id, title }: Pick<RuleFile, 'id' | 'title'>,
  { environment, when, unknown, pass, message }: Compiled,
  { raw, at, errors, now, overrides }: Subject,
  unconfigured: 'NOT_APPLICABLE' | 'UNKNOWN',
): Judgement {
  const run = startRun(errors)
  const variables = environment.variables(raw, at, overrides, now, run)
  const untold = (verdict: Verdict) => undecided(id, title, verdict, unconfigured)
  const applies = when?.(variables, run)
  if (applies && applies.value !== true) {
    return applies.value === false
      ? told('NOT_APPLICABLE', `${title}: nothing to judge here.`, applies)
      : untold(applies)
  }
  const untellable = unknown?.(variables, run)
  if (untellable && untellable.value !== false) {
    return untellable.value === true ? told('UNKNOWN', message(variables, run), untellable) : untold(untellable)
  }
  const passes = pass(variables, run)
  if (typeof passes.value !== 'boolean') return untold(passes)
  return passes.value ? told('PASS', `${title}.`, passes) : told('FAIL', message(variables, run), passes)
}

function told(outcome: Judgement['outcome'], message: string, { reads }: Verdict): Judgement {
  return { outcome, message, incomplete: [], ...evidenceOf(reads) }
}

/** UNKNOWN, with what is missing; `unconfigured` where all of it is missing because no source of the kind is configured. */
function undecided(
  id: string,
  title: string,
  { value, reads, holes }: Verdict,
  unconfigured: 'NOT_APPLICABLE' | 'UNKNOWN',
): Judgement {
  const missing =
    value instanceof Missing
      ? unique([...holes.values()].flatMap(({ why }) => why))
      : unaccounted('BAD_RESPONSE', `The rule ${id} cannot judge this: ${plain(messageOf(value))}`)
  const nobodyCouldTell = missing.length > 0 && missing.every(({ reason }) => reason === 'NOT_CONFIGURED')
  const [first, ...others] = missing
  const more = others.length > 0 ? ` (and ${others.length} more)` : ''
  return {
    outcome: nobodyCouldTell ? unconfigured : 'UNKNOWN',
    message: `${title}: cannot be told. ${plain(first?.message ?? 'A fact is missing.')}${more}`,
    incomplete: missing,
    ...evidenceOf(reads),
  }
}

/** The library's message without its picture of the place. */
const messageOf = (error: boolean | Error): string =>
  error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)

function unique(entries: readonly Incomplete[]): Incomplete[] {
  return [...new Map(entries.map((one) => [JSON.stringify([one.source, one.reason, one.message]), one])).values()]
}

function evidenceOf(reads: ReadonlyMap<string, Read>): Pick<Judgement, 'evidence' | 'asOf'> {
  const times = [...reads.values()].flatMap(({ fetchedAt }) => fetchedAt ?? []).sort()
  const evidence = [...reads].slice(0, MAX_EVIDENCE).map(([path, { value, source, fetchedAt }]) => ({
    ...{ path, source, fetchedAt },
    value: value === null ? null : plain(String(value)),
  }))
  return { evidence, asOf: times[0] }
}
