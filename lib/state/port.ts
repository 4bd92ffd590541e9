/** A value that JSON can hold as it is. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** What an entry can be. Each kind has one writer, which alone knows the shape of its content. */
export type EntryKind =
  | 'attestation'
  | 'attestation-revoked'
  | 'waiver'
  | 'waiver-revoked'
  | 'use-case'
  | 'gate'
  | 'observation'
  | 'notification'
  /** What retention has removed: nothing is left of it but its place in the chain. */
  | 'tombstone'

/** Something to be kept. */
export interface NewEntry {
  readonly kind: Exclude<EntryKind, 'tombstone'>
  /** Id in the graph of what it is about. */
  readonly subject?: string
  /** Subject id of the caller, or `service:<name>`. No personal name: those are in `people`, where they can be forgotten. */
  readonly actor: string
  readonly content: JsonObject
  /** When it happened. Default: now, by the clock of the instance that writes it, whatever clock others had. */
  readonly at?: Date
  /** When what it says ends, for lists of what ends soon. */
  readonly expiresAt?: Date
  /** Id of another entry that this one revokes or continues. */
  readonly refersTo?: string
  /**
   * Unique: appended again, the first entry is the answer and nothing is added. For what a client sends twice, it holds the
   * actor and the operation beside the client's own key.
   */
  readonly deduplicationKey?: string
  /** With a `deduplicationKey`, says what was asked: the same key with another fingerprint is refused (KEY_REUSED). */
  readonly fingerprint?: string
}

/** What is kept of an entry, in the order of the chain. */
export interface Entry extends Omit<NewEntry, 'kind' | 'at'> {
  readonly kind: EntryKind
  /** 1 for the first, without gaps. */
  readonly sequence: number
  readonly id: string
  readonly at: Date
  /** By the clock of the instance that wrote it, and never before that of the entry before. */
  readonly recordedAt: Date
  /** SHA-256, in hexadecimal, over everything above and `previousHash`, in canonical form (RFC 8785). */
  readonly hash: string
  /** null: it is the first. */
  readonly previousHash: string | null
}

/** Which entries are meant: all conditions hold; of the values of one, any. */
export interface EntryFilter {
  readonly kinds?: readonly EntryKind[]
  readonly subjects?: readonly string[]
  readonly actor?: string
  readonly ids?: readonly string[]
  readonly refersTo?: readonly string[]
  readonly deduplicationKeys?: readonly string[]
  /** By `at`: not before. */
  readonly since?: Date
  /** By `at`: before. */
  readonly until?: Date
  /** By `expiresAt`: before. Without one, it is not meant. */
  readonly expiringBefore?: Date
}

export interface EntryPage {
  readonly first: number
  /** Goes on behind the entry with this sequence, in the order of the page. */
  readonly after?: number
  /** Default: oldest first. */
  readonly newestFirst?: boolean
}

/** The end of the chain: a version of all that the state holds. */
export interface Head {
  /** 0: the state is empty. */
  readonly sequence: number
  readonly hash: string | null
}

export interface EntryReader {
  read(filter: EntryFilter, page: EntryPage): Promise<{ readonly entries: readonly Entry[]; readonly hasMore: boolean }>
  count(filter: EntryFilter): Promise<number>
}

/** Names of people, beside the chain: they can be forgotten and the chain stays whole. */
export interface PeopleNames {
  remember(subject: string, name: string): Promise<void>
  /** false: there was no name. */
  forget(subject: string): Promise<boolean>
  /** The names that are known, by subject. */
  names(subjects: readonly string[]): Promise<ReadonlyMap<string, string>>
}

/**
 * What people say and what was seen: an append-only log, one hash chain over all that write to it. Opened at first use.
 * Every method rejects with a StateError when the state cannot be had.
 */
export interface State extends EntryReader {
  /** Appends all or nothing; durable when it resolves. Who repeats a `deduplicationKey` gets the first entry. */
  append(entries: readonly NewEntry[]): Promise<readonly Entry[]>
  /**
   * As `append`, of what `decide` makes of what it reads: nobody else writes in between. What it throws is thrown on and
   * nothing is appended. It must read by what it is given, never by the state itself, and wait for nothing else.
   */
  appendDecided(decide: (reader: EntryReader) => Promise<readonly NewEntry[]>): Promise<readonly Entry[]>
  /** Oldest first, in batches, behind a sequence. */
  walk(filter: EntryFilter, from?: { readonly after: number }): AsyncIterable<Entry>
  head(): Promise<Head>
  /**
   * Does the work unless another instance is at it (`held: false`). The lease is prolonged while the work lasts; its signal
   * tells when that failed, and the work has to end then.
   */
  withLease<T>(
    name: string,
    seconds: number,
    work: (lost: AbortSignal) => Promise<T>,
  ): Promise<{ readonly held: true; readonly result: T } | { readonly held: false }>
  /** Small facts that are no history, such as how far an outbox has come: outside the chain, and overwritten. */
  readMark(name: string): Promise<JsonValue | undefined>
  writeMark(name: string, value: JsonValue): Promise<void>
  readonly people: PeopleNames
  close(): Promise<void>
}
