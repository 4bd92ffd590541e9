import { generateKeyPairSync } from 'node:crypto'
import { removeOld } from '#lib/state/retention.ts'
import { exportLines } from '#lib/state/transfer.ts'
import { verifyChain } from '#lib/state/verify.ts'
import { stateAt } from './state-at.ts'

/** Writes 100,000 entries of more than 1 KB, then does everything that walks over all of them; run with a small heap. Prints what it found. */
const [, , where = ''] = process.argv
const ENTRIES = 100_000
const state = stateAt(JSON.parse(where))
const { privateKey, publicKey } = generateKeyPairSync('ed25519')

for (let start = 0; start < ENTRIES; start += 500) {
  await state.append(
    Array.from({ length: 500 }, (_, i) => ({
      kind: i % 100 === 0 ? ('gate' as const) : ('observation' as const),
      subject: `Model:a:${(start + i) % 500}`,
      actor: 'service:observer',
      content: { n: start + i, text: 'x'.repeat(1_200) },
      deduplicationKey: `n-${start + i}`,
    })),
  )
}
const removed = await removeOld(state, { gate: 1 }, privateKey, new Date(Date.now() + 2 * 24 * 60 * 60 * 1_000))
const database = await state.open()
const { entries, tombstones, broken } = await verifyChain(database, { keys: [publicKey] })
let walked = 0
for await (const { content } of state.walk({ kinds: ['observation'] })) walked += content.n === undefined ? 0 : 1
let paged = 0
for (let after: number | undefined, more = true; more; ) {
  const page = await state.read({}, { first: 500, newestFirst: true, ...(after !== undefined && { after }) })
  paged += page.entries.length
  after = page.entries.at(-1)?.sequence
  more = page.hasMore
}
let lines = 0
for await (const _ of exportLines(database)) lines += 1
const ofOne = await state.count({ subjects: ['Model:a:7'] })
const rssMegabytes = Math.round(process.resourceUsage().maxRSS / 1_024)
await state.close()
console.log(JSON.stringify({ entries, tombstones, broken, removed, walked, paged, lines, ofOne, rssMegabytes }))
