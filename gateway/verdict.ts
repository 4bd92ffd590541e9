import type { Caller } from '#lib/caller.ts'

/** What became of a credential: whose it is, or why it is not accepted. */
export type Verdict = { readonly caller: Caller } | Refused

/** `detail` is for the log: it tells what was wrong, which the sender is not told, and holds nothing of the credential. */
export interface Refused {
  readonly refused: 'expired' | 'not accepted' | 'not checked'
  readonly detail: string
}
