import { GraphQLSchema } from 'graphql'
import { expect, it, vi } from 'vitest'
import { makeSchemas, type Subgraph } from '#lib/subgraph.ts'

/** Subgraphs that note when their schemas are made. */
function subgraphs(made: string[], names = ['a', 'b', 'c']): Subgraph[] {
  return names.map((name) => ({
    ...{ name, sources: [], start: async () => {}, close: async () => {} },
    get schema() {
      made.push(name)
      return name === 'b' ? Promise.resolve(new GraphQLSchema({})) : new GraphQLSchema({})
    },
  }))
}

it('schemas are made one after another, none while a question is being answered', async () => {
  const made: string[] = []
  let busy = true
  const all = makeSchemas(subgraphs(made), () => busy)
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(made).toEqual([])
  busy = false
  await vi.waitFor(() => expect(made).toEqual(['a', 'b', 'c']))
  await all
})

it('questions that never end do not keep them from being made', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'performance'] })
  try {
    const made: string[] = []
    const all = makeSchemas(subgraphs(made), () => true)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(made).toEqual([])
    await vi.advanceTimersByTimeAsync(2_000)
    await all
    expect(made).toEqual(['a', 'b', 'c'])
  } finally {
    vi.useRealTimers()
  }
})

it('one that cannot be made says why', async () => {
  const wrong = {
    name: 'wrong',
    get schema() {
      return Promise.reject(new Error('a rule is wrong'))
    },
  } as unknown as Subgraph
  await expect(makeSchemas([wrong])).rejects.toThrow('a rule is wrong')
})
