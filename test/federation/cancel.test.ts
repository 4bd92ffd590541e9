import { afterEach, expect, it } from 'vitest'
import { startTogether, type Together } from './together.ts'

let together: Together
afterEach(() => together.close())

/** Asks over HTTP, and leaves when told to. */
function askAndLeave(query: string): { leave: () => Promise<void> } {
  const client = new AbortController()
  const answer = fetch(`${together.graph.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: client.signal,
  }).then(
    () => 'answered',
    () => 'left',
  )
  return {
    leave: async () => {
      client.abort()
      expect(await answer).toBe('left')
    },
  }
}

const RUN = '{ model(id: "Model:registry:model-00000") { champion { run { name } } } }'
const status = () =>
  together.graph.data<{ sources: object[] }>('{ sources { id status { state message lastFailureAt } } }')

it('a client that goes away takes its request by key to a source along, which is no failure of the source', async () => {
  together = await startTogether()
  await together.graph.data('{ models { totalCount } }')
  await together.registry.fault({ kind: 'hang' })
  const { leave } = askAndLeave(RUN)
  await expect.poll(together.registry.underWay).toBe(1)
  await leave()
  // Long before the time limit of the request, 8 s.
  await expect.poll(together.registry.underWay, { timeout: 1_000 }).toBe(0)
  expect((await status()).sources).toContainEqual({
    id: 'registry',
    status: { state: 'UP', message: null, lastFailureAt: null },
  })

  await together.registry.heal()
  expect(await together.graph.data(RUN)).toMatchObject({ model: { champion: { run: { name: expect.any(String) } } } })
})

it('what is held of a source is read on, whoever goes away', async () => {
  together = await startTogether({ settings: { gateway: { requestDeadlineMilliseconds: 1_000 } } })
  await together.registry.fault({ kind: 'hang' })
  const { leave } = askAndLeave('{ models { totalCount } }')
  await expect.poll(together.registry.underWay).toBeGreaterThan(0)
  await leave()
  expect(await together.graph.data('{ models { incomplete { message } } }')).toMatchObject({
    models: { incomplete: [{ message: expect.stringContaining('still being read for the first time') }] },
  })
  // None of them was left, and none repeated.
  expect(together.registry.underWay()).toBe(together.registry.calls.length)
})
