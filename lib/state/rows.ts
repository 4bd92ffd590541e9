import { hashOf } from './canonical.ts'
import type { Entry, EntryKind, JsonObject } from './port.ts'

/** An entry as both databases hold it: times in milliseconds since 1970, the content as canonical JSON. */
export interface EntryRow {
  sequence: number
  id: string
  kind: string
  subject: string | null
  actor: string
  content: string
  at: number
  expires_at: number | null
  refers_to: string | null
  deduplication_key: string | null
  fingerprint: string | null
  recorded_at: number
  previous_hash: string | null
  hash: string
}

/** The hash of an entry: over everything in its row but the hash itself. Throws where the content is no JSON. */
export function rowHash({ hash: _, content, ...rest }: EntryRow): string {
  return hashOf({ ...rest, content: JSON.parse(content) })
}

export function toEntry(row: EntryRow): Entry {
  return {
    sequence: row.sequence,
    id: row.id,
    kind: row.kind as EntryKind,
    ...(row.subject !== null && { subject: row.subject }),
    actor: row.actor,
    content: JSON.parse(row.content) as JsonObject,
    at: new Date(row.at),
    ...(row.expires_at !== null && { expiresAt: new Date(row.expires_at) }),
    ...(row.refers_to !== null && { refersTo: row.refers_to }),
    ...(row.deduplication_key !== null && { deduplicationKey: row.deduplication_key }),
    ...(row.fingerprint !== null && { fingerprint: row.fingerprint }),
    recordedAt: new Date(row.recorded_at),
    previousHash: row.previous_hash,
    hash: row.hash,
  }
}

/** Text that PostgreSQL can hold, and ask for: it refuses NUL, and UTF-8 has no halves of surrogate pairs. */
export const storable = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD')
