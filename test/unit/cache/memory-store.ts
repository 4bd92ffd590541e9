import { Keyv } from 'keyv'
import type { SharedStore } from '#lib/cache/store.ts'

/** A store within this process, shared by what would be several instances. */
export function memoryStore(): SharedStore {
  const entries = new Keyv<string>()
  const leases = new Map<string, { token: string; until: number }>()
  const holder = (key: string) => {
    const lease = leases.get(key)
    return lease && lease.until > Date.now() ? lease.token : undefined
  }
  return {
    get: (key) => entries.get(key),
    async set(key, text, milliseconds) {
      await entries.set(key, text, milliseconds)
    },
    async lease(key, token, milliseconds) {
      if (holder(key) !== undefined) return 'theirs'
      leases.set(key, { token, until: Date.now() + milliseconds })
      return 'mine'
    },
    async prolong(key, token, milliseconds) {
      if (holder(key) === token) leases.set(key, { token, until: Date.now() + milliseconds })
    },
    async close() {},
  }
}
