/** Whether a lease was had. `unreachable`: the store cannot be asked now. */
type Lease = 'mine' | 'theirs' | 'unreachable'

/**
 * What instances of the gateway share. No method rejects or takes longer than a fraction of a second: a store that
 * cannot be reached holds nothing, and nobody waits for it.
 */
export interface SharedStore {
  get(key: string): Promise<string | undefined>
  set(key: string, text: string, milliseconds: number): Promise<void>
  /** Takes the lease for so many milliseconds unless somebody has it. `token` is this holder's own. */
  lease(key: string, token: string, milliseconds: number): Promise<Lease>
  /** Makes a lease that is still this holder's last so many milliseconds from now; 0 gives it back. */
  prolong(key: string, token: string, milliseconds: number): Promise<void>
  close(): Promise<void>
}
