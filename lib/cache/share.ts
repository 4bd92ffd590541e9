import { randomUUID } from 'node:crypto'
import type { Logger } from 'pino'
import { pause } from '../pause.ts'
import type { LoadCall, Loaded } from '../snapshot.ts'
import { countCached } from '../telemetry/held.ts'
import { UpstreamError } from '../upstream/error.ts'
import type { UpstreamCall } from '../upstream/upstream.ts'
import { type Entry, packEntry, unpackEntry } from './entry.ts'
import type { SharedStore } from './store.ts'

/**
 * Makes reading a source something that instances do for each other: `what` names what is read, `read` asks the source.
 * What is read must survive JSON.
 */
export type Share = <T>(
  what: string,
  read: (call: UpstreamCall) => Promise<T>,
) => (call: LoadCall) => Promise<Loaded<T>>

/** What `createShare` needs. */
export interface ShareOptions {
  /** Id of the source. */
  readonly source: string
  readonly store: SharedStore
  /** What the source's entries are kept under. */
  readonly key: () => Promise<string>
  /** Seconds for which an entry is kept, for when the source does not answer. */
  readonly keptSeconds: number
  readonly log: Logger
  /** Instead of the default times. */
  readonly times?: LeaseTimes
}

/** Times of a lease in milliseconds. A holder that died costs the others at most `lasts`. */
export interface LeaseTimes {
  readonly lasts: number
  /** How often its holder prolongs it while it reads. */
  readonly prolongedEvery: number
  /** How often the others try to have it. */
  readonly triedEvery: number
  /** How long the others wait for a holder that goes on reading, before they read themselves. */
  readonly waitedFor: number
}

const defaultTimes: LeaseTimes = { lasts: 5_000, prolongedEvery: 1_000, triedEvery: 100, waitedFor: 30_000 }

/** What is known before the source is asked. */
interface Turn {
  /** Recent enough: the source need not be asked. */
  readonly recent?: Entry
  /** The last one that anybody read. */
  readonly last?: Entry
  /** Gives the lease back. undefined: it was not to be had. */
  readonly end?: () => Promise<void>
}

/** Everybody reads for themselves. */
export const shareNothing: Share = (_, read) => async (call) => {
  const fetchedAt = new Date()
  return { value: await read(call), fetchedAt }
}

/**
 * Takes what another instance read recently enough. Where there is none, one instance reads, under a lease, and the
 * others wait for it. When the source fails, the last entry is answered with the failure. Without the store, everybody
 * reads for themselves.
 */
export function createShare(options: ShareOptions): Share {
  const { source, store, key, keptSeconds, log } = options

  const publish = async (at: string, entry: Entry) => {
    try {
      await store.set(at, await packEntry(entry), keptSeconds * 1_000)
    } catch (error) {
      log.error({ key: at, err: error }, 'what was read could not be shared')
    }
  }

  return <T>(what: string, read: (call: UpstreamCall) => Promise<T>) =>
    async (call: LoadCall): Promise<Loaded<T>> => {
      const at = `${await key()}:${what}`
      const { recent, last, end } = await takeTurn(options, at, call)
      countCached('shared', source, recent ? 'hit' : 'miss')
      if (recent) return entryOf<T>(recent)
      const fetchedAt = new Date()
      try {
        const value = await read(call)
        // Nobody here waits for that; the others have their turn when they can find it.
        void publish(at, { value, fetchedAt }).then(end)
        return { value, fetchedAt }
      } catch (error) {
        void end?.()
        if (!last || !(error instanceof UpstreamError)) throw error
        return { ...entryOf<T>(last), failure: error }
      }
    }
}

/** Looks for a recent entry, else for the lease; waits while another instance has it. */
async function takeTurn({ store, times = defaultTimes }: ShareOptions, at: string, call: LoadCall): Promise<Turn> {
  const lookUp = async (): Promise<Turn> => {
    const text = await store.get(at)
    const last = text === undefined ? undefined : await unpackEntry(text)
    return { ...(last && { last }), ...(last && last.fetchedAt >= call.notBefore && { recent: last }) }
  }
  const found = await lookUp()
  if (found.recent) return found

  const [leaseKey, token] = [`${at}:lease`, randomUUID()]
  const tryIt = () => store.lease(leaseKey, token, times.lasts)
  const patience = performance.now() + times.waitedFor
  let lease = await tryIt()
  const waited = lease === 'theirs'
  while (lease === 'theirs' && performance.now() < patience && !call.signal.aborted) {
    await pause(times.triedEvery, call.signal)
    lease = await tryIt()
  }
  const known = waited ? await lookUp() : found
  if (lease !== 'mine') return known
  const end = hold(store, leaseKey, token, times)
  if (known.recent) await end()
  return { ...known, end }
}

/** Prolongs a lease until the function that it returns is called, which gives it back. */
function hold(
  store: SharedStore,
  key: string,
  token: string,
  { lasts, prolongedEvery }: LeaseTimes,
): () => Promise<void> {
  const timer = setInterval(() => void store.prolong(key, token, lasts), prolongedEvery)
  timer.unref()
  return () => {
    clearInterval(timer)
    return store.prolong(key, token, 0)
  }
}

/** Entries are written by this project in the format that their key names. */
function entryOf<T>({ value, fetchedAt }: Entry): Loaded<T> {
  return { value: value as T, fetchedAt }
}
