import { stateAt } from './state-at.ts'

/**
 * A process that writes until it is killed: prints the first and last sequence of what it appended only once that was
 * acknowledged, a line each. Its argument: where, as JSON; its name; how many times, 0 for ever.
 */
const [, , where = '', name = '', times = '0'] = process.argv
const state = stateAt(JSON.parse(where))
for (let n = 0; times === '0' || n < Number(times); n += 1) {
  const entries = await state.append(
    Array.from({ length: 1 + (n % 5) }, (_, i) => ({
      kind: 'observation' as const,
      actor: `service:${name}`,
      content: { n, i, text: 'x'.repeat(500) },
    })),
  )
  console.log(JSON.stringify(entries.map(({ sequence, hash }) => [sequence, hash])))
}
await state.close()
