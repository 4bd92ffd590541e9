import type { Logger } from 'pino'
import { pause } from '#lib/pause.ts'
import { countLook, type LookOutcome } from '#lib/telemetry/delivery.ts'
import { type LookOptions, look, lookJudgements } from './look.ts'
import { areas, lastLook, readLooks } from './looks.ts'
import { ownContext } from './own-work.ts'

/** Milliseconds after the start until the first look: sources are read first, for whoever asks. */
const FIRST = 5_000

/** Milliseconds between two looks that messages of tools set off. */
const CALM = 2_000

/** Milliseconds for which a source that said that something changed is looked at again and again, where it does not answer. */
const PATIENCE = 20_000

/** Watches what changes. */
export interface Observer {
  start(): void
  /** Looks at a source at once, since it said that something changed there. */
  told(source: string): void
  /** Ends; resolves when no look is under way any more. */
  close(): Promise<void>
}

/** What an observer is made of. */
export interface ObserverOptions extends LookOptions {
  /** How old what is looked at may be, in seconds. */
  readonly maxAgeSeconds: number
  /** Milliseconds between two looks at health. */
  readonly healthInterval: number
  readonly logger: Logger
  /** Called after each look, for what waits for observations. */
  readonly looked: () => void
}

/** An observer, not started yet. What fails is tried again at the next look, and logged once until it is well again. */
export function createObserver(options: ObserverOptions): Observer {
  const { state, interval, healthInterval, maxAgeSeconds: usual, logger, looked } = options
  const closing = new AbortController()
  const knownAt = new Map<string, number>()
  /** When sources said that something changed there, in milliseconds since 1970. */
  const told = new Map<string, number>()
  const loops: Promise<void>[] = []
  let wake = Promise.withResolvers<void>()
  const failing = new Set<string>()

  const contextOf = (lost: AbortSignal, maxAgeSeconds: number) =>
    ownContext(AbortSignal.any([closing.signal, lost]), maxAgeSeconds, logger)

  /** One look, if no other instance is at one; never rejects. */
  async function once(at: 'things' | 'health', work: (lost: AbortSignal) => Promise<LookOutcome>): Promise<void> {
    try {
      const turn = await state.withLease(`delivery.${at}`, 60, work)
      countLook(at, turn.held ? turn.result : 'skipped')
      if (failing.delete(at)) logger.info({ at }, 'what changes is watched again')
      looked()
    } catch (error) {
      if (closing.signal.aborted) return
      countLook(at, 'failed')
      if (!failing.has(at)) logger.warn({ at, err: error }, 'what changes could not be looked at: it is tried again')
      failing.add(at)
    }
  }

  const things = (source: string | null, maxAgeSeconds: number) =>
    once('things', (lost) => look(options, source, contextOf(lost, maxAgeSeconds)))

  /**
   * Looks at the sources that said that something changed, until they were read after that: what is held of them is not read
   * anew at every message, and another instance may be at a look that began before.
   */
  async function lookAtTold(): Promise<void> {
    for (const [source, at] of [...told]) {
      await things(source, 0)
      const readAt = lastLook(await readLooks(state).catch(() => ({})), areas.champion(source))
      const waited = Date.now() - at > PATIENCE
      if (told.get(source) === at && (waited || (readAt !== undefined && readAt >= at))) told.delete(source)
    }
  }

  async function watchThings(): Promise<void> {
    await pause(Math.min(FIRST, interval) * Math.random(), closing.signal)
    while (!closing.signal.aborted) {
      await things(null, usual)
      const next = performance.now() + interval * (0.9 + 0.2 * Math.random())
      for (let left = next - performance.now(); left > 0 && !closing.signal.aborted; left = next - performance.now()) {
        await Promise.race([pause(left, closing.signal), wake.promise])
        wake = Promise.withResolvers()
        if (told.size === 0) continue
        await lookAtTold()
        await pause(CALM, closing.signal)
        if (told.size > 0) wake.resolve()
      }
    }
  }

  async function watchHealth(): Promise<void> {
    // After the first look at things, which tells which endpoints serve which models.
    await pause(Math.min(2 * FIRST, healthInterval) * (0.5 + 0.5 * Math.random()), closing.signal)
    while (!closing.signal.aborted) {
      const health = { ...options, interval: healthInterval }
      await once('health', (lost) => lookJudgements(health, knownAt, contextOf(lost, usual)))
      await pause(healthInterval * (0.9 + 0.2 * Math.random()), closing.signal)
    }
  }

  return {
    start() {
      if (loops.length === 0) loops.push(watchThings(), watchHealth())
    },
    told(source) {
      told.set(source, Date.now())
      wake.resolve()
    },
    async close() {
      closing.abort(new DOMException('The observer ends.', 'AbortError'))
      await Promise.all(loops)
    },
  }
}
