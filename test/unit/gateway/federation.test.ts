import { describe, expect, it } from 'vitest'
import { ask, gateway } from './graph.ts'

describe('a query over several parts of the graph', () => {
  it('is answered as one', async () => {
    const { status, data, errors } = await ask(await gateway(), '{ models { name endpoints { name } } }')
    expect(errors).toBeUndefined()
    expect(status).toBe(200)
    expect(data).toEqual({
      models: [
        { name: 'churn', endpoints: [{ name: 'm1-live' }] },
        { name: 'fraud', endpoints: [{ name: 'm2-live' }] },
      ],
    })
  })
})
