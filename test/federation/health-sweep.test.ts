import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { startTogether } from './together.ts'

const FINDINGS = '{ healthFindings { totalCount nodes { subject asOf } incomplete { reason } } }'

it('findings that somebody asked for are judged again while nobody asks, until the graph is closed', async () => {
  const together = await startTogether({ settings: { index: { freshSeconds: 1 } } })
  const { graph, registry, server } = together
  const calls = () => registry.calls.length + server.calls.length
  try {
    await graph.data(FINDINGS)
    const before = calls()
    // What the rules read is old by then, so that judging again asks the sources again, which is at most every 5 s.
    await vi.waitFor(() => expect(calls()).toBeGreaterThan(before), { timeout: 10_000, interval: 200 })
  } finally {
    await together.close()
  }
  const after = calls()
  await pause(2_500)
  expect(calls()).toBe(after)
})
