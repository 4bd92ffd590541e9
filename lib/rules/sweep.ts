import type { Logger } from 'pino'
import type { Access, Scope } from '../access.ts'
import type { Caller } from '../caller.ts'
import type { RequestContext } from '../context.ts'
import type { GraphPort } from '../graph.ts'
import { pause } from '../pause.ts'
import { SUBJECTS_PER_QUERY } from './facts-query.ts'
import type { KeptList } from './finding-list.ts'
import { listSubjects } from './subjects.ts'

/** Milliseconds since findings were last asked for, after which they are kept up to date no longer. */
const ASKED_LATELY = 15 * 60_000

/** Groups of callers for whom findings are kept up to date; of more, those who asked last. */
const MOST_SCOPES = 16

/** Milliseconds until it begins. */
const FIRST = 1_000

/** Milliseconds for one batch: nobody waits for it. */
const BATCH_TIME = 30_000

/** What `createSweep` needs. */
export interface SweepOptions {
  /** What is judged. */
  readonly lists: readonly KeptList[]
  readonly graph: GraphPort
  readonly access: Access
  /** Seconds after which what was judged is judged again. */
  readonly freshSeconds: number
  /** Largest page of a list. */
  readonly pageSize: number
  readonly log: Logger
}

/** Judges everything in the background for whoever asked for findings lately, so that their next question finds it judged. */
export interface Sweep {
  /** Somebody asks for findings. */
  asked(caller: Caller): void
  /** Whether findings of callers like this one are kept up to date. */
  isWarm(caller: Caller): boolean
  /** Ends it; what is under way is given up. */
  close(): Promise<void>
}

interface Warm {
  readonly caller: Caller
  readonly askedAt: number
}

/**
 * One batch at a time, with a rest as long as the batch took before the next, so that it takes at most half of one core and
 * queries come between. It begins when somebody asks, ends when nobody has for a quarter of an hour, and never keeps the
 * process alive.
 */
export function createSweep({ lists, graph, access, freshSeconds, pageSize, log }: SweepOptions): Sweep {
  const warm = new Map<Scope, Warm>()
  const closing = new AbortController()
  const { signal } = closing
  let sweeping: Promise<void> | undefined
  let count = 0

  const context = (caller: Caller): RequestContext => ({
    requestId: `rules-sweep-${++count}`,
    caller,
    signal: AbortSignal.any([signal, AbortSignal.timeout(BATCH_TIME)]),
    log,
  })
  const forgetOld = () => {
    for (const [scope, { askedAt }] of warm) if (performance.now() - askedAt > ASKED_LATELY) warm.delete(scope)
  }

  async function judgeFor(caller: Caller): Promise<void> {
    for (const { field, kept, anew } of lists) {
      const { ids } = await listSubjects(field, graph, pageSize, context(caller))
      // What is fresh for half of its time yet can wait for the next round.
      const due = ids.filter((id) => {
        const known = kept(id, caller)
        return !known?.sound || known.ageSeconds >= freshSeconds / 2
      })
      for (let from = 0; from < due.length && !signal.aborted; from += SUBJECTS_PER_QUERY) {
        const started = performance.now()
        const within = context(caller)
        const batch = due.slice(from, from + SUBJECTS_PER_QUERY)
        await Promise.all(batch.map((id) => anew(id, within)))
        await pause(performance.now() - started, signal)
      }
    }
  }

  async function run(): Promise<void> {
    // Whoever asks now is answered first.
    await pause(FIRST, signal)
    for (forgetOld(); warm.size > 0 && !signal.aborted; forgetOld()) {
      for (const { caller } of [...warm.values()]) {
        if (signal.aborted) return
        await judgeFor(caller).catch((error) => {
          if (!signal.aborted) log.error({ err: error }, 'rules could not be judged in the background')
        })
      }
      await pause((freshSeconds * 1_000) / 2, signal)
    }
  }

  return {
    asked(caller) {
      const scope = access.scopeOf(caller)
      // Put at the end: who asked longest ago stands first.
      warm.delete(scope)
      warm.set(scope, { caller, askedAt: performance.now() })
      const [oldest] = warm.keys()
      if (warm.size > MOST_SCOPES && oldest) warm.delete(oldest)
      if (signal.aborted) return
      sweeping ??= run().finally(() => {
        sweeping = undefined
      })
    },
    isWarm: (caller) => warm.has(access.scopeOf(caller)),
    async close() {
      closing.abort()
      await sweeping
    },
  }
}
