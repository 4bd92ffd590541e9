import { ReaderError } from '../reader-error.ts'

/** What can be wrong with the state: it cannot be had, it belongs to a newer program, or a key came back with other input. */
export type StateProblem = 'STATE_UNAVAILABLE' | 'STATE_TOO_NEW' | 'KEY_REUSED'

/** The state refused or failed; `message` is for the reader and holds no secret, `cause` is for the log. */
export class StateError extends ReaderError {
  override readonly name = 'StateError'
  readonly code: StateProblem

  constructor(code: StateProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A key came back with something else than it was used for. */
export const keyReused = (): StateError =>
  new StateError(
    'KEY_REUSED',
    'This idempotency key was used for something else before: send a new key with what is asked now.',
  )
