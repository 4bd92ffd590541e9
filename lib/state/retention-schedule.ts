import type { Logger } from 'pino'
import type { Config } from '../config/schema.ts'
import { DEFAULT_KEY_FILE, signingKey } from './key.ts'
import { removeOld } from './retention.ts'
import type { OpenableState } from './state.ts'

/** Milliseconds from one look to the next; the first comes after a fraction, when the start is over. */
const INTERVAL = 6 * 60 * 60 * 1_000
const FIRST = 5 * 60 * 1_000
/** Seconds for which one of several instances does it. */
const LEASE = 120

/** Removes, now and then, what `state.retention` no longer keeps; nothing where it is not configured. Gives back what ends it. */
export function scheduleRetention(
  state: OpenableState,
  { retention, keyFile = DEFAULT_KEY_FILE }: Config['state'],
  log: Logger,
): () => void {
  if (Object.values(retention).every((days) => days === undefined)) return () => {}
  const look = async () => {
    try {
      const done = await state.withLease('retention', LEASE, () => removeOld(state, retention, signingKey(keyFile)))
      if (done.held && done.result > 0)
        log.info({ removed: done.result }, 'entries of the state were removed (state.retention)')
    } catch (error) {
      log.error({ err: error }, 'what is old could not be removed from the state (state.retention)')
    }
  }
  const first = setTimeout(look, FIRST).unref()
  const every = setInterval(look, INTERVAL).unref()
  return () => {
    clearTimeout(first)
    clearInterval(every)
  }
}
