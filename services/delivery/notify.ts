import type { Logger } from 'pino'
import type { RequestContext } from '#lib/context.ts'
import { makeId, parseId } from '#lib/ids.ts'
import { pause } from '#lib/pause.ts'
import type { Entry, State } from '#lib/state/port.ts'
import { countNotification } from '#lib/telemetry/delivery.ts'
import type { Listed } from './ask.ts'
import { endingNotice, type Notice, noticeOf } from './message.ts'
import { OBSERVER, observationOf } from './observation-log.ts'
import type { ModelFacts, ObservationRecord } from './port.ts'
import { createSender, type NotificationRule, type Sender } from './send.ts'

const DAY = 86_400_000

/** Milliseconds after which a message that could not be delivered is given up. */
const PATIENCE = 3 * DAY

/** Milliseconds between two turns, where nothing sets one off. */
const TURN = 30_000

/** Milliseconds from the first failure to the next attempt, doubled up to the second. */
const BACKOFF = [1_000, 900_000] as const

/** Tells receivers what was observed and what ends soon. */
export interface Notifier {
  start(): void
  /** There may be something new. */
  wake(): void
  close(): Promise<void>
}

/** What a notifier is made of. */
export interface NotifierOptions {
  readonly rules: readonly NotificationRule[]
  readonly state: State
  /** All models as they are now. */
  readonly models: (context: RequestContext) => Promise<Listed<ModelFacts>>
  /** A context to ask with. */
  readonly context: (signal: AbortSignal) => RequestContext
  readonly logger: Logger
}

/** How far one rule has come, in this process. */
interface Progress {
  readonly rule: NotificationRule
  readonly sender: Sender
  failures: number
  /** Milliseconds of `performance.now()`. */
  notBefore: number
}

/**
 * The outbox is the log itself: a mark for each rule says how far it was told, and what was told is written down. So nothing is
 * lost by a restart, and a message can come twice where one came at the wrong moment. A rule's messages are sent in order.
 */
export function createNotifier({ rules, state, models, context, logger }: NotifierOptions): Notifier {
  const closing = new AbortController()
  const all = rules.map((rule): Progress => ({ rule, sender: createSender(rule), failures: 0, notBefore: 0 }))
  let wake = Promise.withResolvers<void>()
  let working: Promise<unknown> = Promise.resolve()

  /** One turn of one rule, unless another instance is at it; never rejects. */
  async function turn(progress: Progress): Promise<void> {
    const { rule } = progress
    if (performance.now() < progress.notBefore) return
    try {
      await state.withLease(`notifications.${rule.id}`, 60, async (lost) => {
        const signal = AbortSignal.any([closing.signal, lost])
        if (rule.when.expiresWithinDays === undefined) await tellObservations(progress, signal)
        else await tellEndings(progress, rule.when.expiresWithinDays, signal)
      })
    } catch (error) {
      if (closing.signal.aborted) return
      logger.warn({ notification: rule.id, err: error }, 'it could not be seen what to notify: it is tried again')
      progress.notBefore = performance.now() + TURN
    }
  }

  async function tellObservations(progress: Progress, signal: AbortSignal): Promise<void> {
    const { rule } = progress
    const mark = `notifications.${rule.id}`
    const after = await state.readMark(mark)
    // A rule that is new tells of what happens from now on.
    if (typeof after !== 'number') return state.writeMark(mark, (await state.head()).sequence)
    let known: Promise<Listed<ModelFacts>> | undefined
    const facts = () => {
      known ??= models(context(signal))
      return known
    }
    let through = after
    for await (const entry of state.walk({ kinds: ['observation'] }, { after })) {
      if (signal.aborted) return
      const observation = observationOf(entry)
      if (observation && meansKind(rule, observation)) {
        const about = wantedModel(rule, observation.models, await facts())
        if (about === 'not known') break
        if (about !== 'none' && !(await tell(progress, noticeOf(observation, about, nameOf), entry, signal))) break
        await state.writeMark(mark, entry.sequence)
      }
      through = entry.sequence
    }
    if (through > after) await state.writeMark(mark, through)
  }

  async function tellEndings(progress: Progress, days: number, signal: AbortSignal): Promise<void> {
    const { rule } = progress
    const expiringBefore = new Date(Date.now() + days * DAY)
    const facts = await models(context(signal))
    for await (const entry of state.walk({ kinds: ['waiver', 'attestation'], expiringBefore })) {
      const { id, kind, subject, expiresAt } = entry
      if (signal.aborted) return
      if (subject === undefined || !expiresAt || expiresAt.getTime() < Date.now()) continue
      if ((await state.count({ kinds: ['waiver-revoked', 'attestation-revoked'], refersTo: [id] })) > 0) continue
      const about = wantedModel(rule, modelsOf(subject), facts)
      if (about === 'none' || about === 'not known') continue
      const notice = endingNotice({ id, kind, subject, expiresAt: expiresAt.getTime() }, about, nameOf)
      if (!(await tell(progress, notice, entry, signal))) return
    }
    progress.notBefore = Math.max(progress.notBefore, performance.now() + TURN)
  }

  /** Sends a message, once; false: it is to be tried again. What was told before is not told again. */
  async function tell(progress: Progress, notice: Notice, entry: Entry, signal: AbortSignal): Promise<boolean> {
    const { rule, sender } = progress
    const deduplicationKey = `notification:${JSON.stringify([rule.id, entry.id])}`
    if ((await state.count({ kinds: ['notification'], deduplicationKeys: [deduplicationKey] })) > 0) return true
    const sent = await sender.send(notice, signal)
    if (signal.aborted && !sent.ok) return false
    const done = (outcome: 'delivered' | 'given-up') =>
      state.append([
        {
          ...{ kind: 'notification', actor: OBSERVER, refersTo: entry.id, deduplicationKey },
          ...(entry.subject !== undefined && { subject: entry.subject }),
          content: { rule: rule.id, type: notice.type, outcome, attempts: progress.failures + 1 },
        },
      ])
    if (sent.ok) {
      await done('delivered')
      countNotification(rule.id, 'delivered')
      progress.failures = 0
      return true
    }
    const { problem, retryAfter = 0 } = sent
    progress.failures++
    const [first, most] = BACKOFF
    const wait = Math.max(Math.min(first * 2 ** (progress.failures - 1), most), retryAfter * 1_000)
    progress.notBefore = performance.now() + wait * (0.9 + 0.2 * Math.random())
    if (Date.now() - entry.recordedAt.getTime() < PATIENCE || entry.kind !== 'observation') {
      countNotification(rule.id, 'failed')
      logger.warn(
        { notification: rule.id, problem },
        `a receiver was not reached: it is tried again in ${Math.ceil(wait / 1_000)} s`,
      )
      return false
    }
    await done('given-up')
    countNotification(rule.id, 'given-up')
    logger.error({ notification: rule.id, problem, entry: entry.id }, 'a message was given up after three days')
    return true
  }

  async function work(): Promise<void> {
    while (!closing.signal.aborted) {
      await Promise.all(all.map(turn))
      const next = Math.min(TURN, ...all.map(({ notBefore }) => notBefore - performance.now()).filter((ms) => ms > 0))
      await Promise.race([pause(next, closing.signal), wake.promise])
      wake = Promise.withResolvers()
    }
  }

  return {
    start() {
      if (all.length > 0) working = work()
    },
    wake: () => wake.resolve(),
    async close() {
      closing.abort(new DOMException('Notifying ends.', 'AbortError'))
      await working
      await Promise.all(all.map(({ sender }) => sender.close()))
    },
  }
}

/** What was found at a first look, or happened before anybody watched, is no news. */
function meansKind({ when }: NotificationRule, { kind, after, initial, backfilled }: ObservationRecord): boolean {
  if (initial || backfilled) return false
  return (when.kinds?.includes(kind) ?? true) && (when.becomes?.some((one) => one === after) ?? true)
}

/**
 * The model that a rule is for, of those that something is about: undefined where it asks for none. `none`: it is not for any;
 * `not known`: not all models could be listed, so that it cannot be told yet.
 */
function wantedModel(
  { when: { owners, domains, models: ids } }: NotificationRule,
  about: readonly string[],
  { nodes, incomplete }: Listed<ModelFacts>,
): ModelFacts | undefined | 'none' | 'not known' {
  const own = nodes.filter(({ id }) => about.includes(id))
  if (!owners && !domains && (!ids || about.some((id) => ids.includes(id)))) return own[0]
  const found = own.find(
    ({ id, owners: names, domain }) =>
      (ids?.includes(id) ?? true) &&
      (owners?.some((one) => names.includes(one)) ?? true) &&
      (domains?.some((one) => one === domain) ?? true),
  )
  if (found) return found
  return own.length < about.length && incomplete.length > 0 ? 'not known' : 'none'
}

function modelsOf(subject: string): string[] {
  const { type, parts: [source = '', name = ''] = [] } = parseId(subject) ?? {}
  return type === 'Model' || type === 'ModelVersion' ? [makeId('Model', source, name)] : []
}

/** What an id says of a thing, for people. */
function nameOf(id: string): string {
  const [source, ...rest] = parseId(id)?.parts ?? [id]
  return rest.length > 0 ? `${rest.join(' ')} (${source})` : (source ?? id)
}
