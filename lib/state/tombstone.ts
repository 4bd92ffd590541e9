import { type KeyObject, sign, verify } from 'node:crypto'
import { canonicalJson } from './canonical.ts'
import { keyId } from './key.ts'
import type { JsonObject } from './port.ts'
import type { EntryRow } from './rows.ts'

/** What stands in the place of a removed entry: its hashes, so that the chain holds, and a signature that vouches for them. */
export function buried(row: EntryRow, removedAt: Date, key: KeyObject): EntryRow {
  const bare: EntryRow = {
    ...row,
    kind: 'tombstone',
    subject: null,
    actor: 'service:retention',
    expires_at: null,
    refers_to: null,
    deduplication_key: null,
    fingerprint: null,
  }
  const content = { removed: row.kind, removedAt: removedAt.toISOString(), key: keyId(key) }
  const signature = sign(null, Buffer.from(signed(bare, content)), key).toString('base64')
  return { ...bare, content: canonicalJson({ ...content, signature }) }
}

/** Whether one of the keys signed for it; undefined: it was signed with a key that is not among them. */
export function isVouchedFor(row: EntryRow, keys: readonly KeyObject[]): boolean | undefined {
  const { signature, ...content } = JSON.parse(row.content) as JsonObject
  const key = keys.find((one) => keyId(one) === content.key)
  if (!key) return undefined
  return verify(null, Buffer.from(signed(row, content)), key, Buffer.from(String(signature), 'base64'))
}

/** Everything in the row of a tombstone but the signature. */
function signed({ content: _, ...rest }: EntryRow, content: JsonObject): string {
  return canonicalJson({ ...rest, content })
}
