/** Who asks, as whoever let them in vouches for. */
export interface Caller {
  /** Unique name of the caller at whoever vouches for them. */
  readonly subject: string
  /** Name to show. */
  readonly name?: string
  readonly roles: readonly string[]
  /** Scopes of the caller's token; empty without a token. */
  readonly scopes: readonly string[]
}
