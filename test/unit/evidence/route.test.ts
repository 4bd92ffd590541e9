import { expect, it } from 'vitest'
import { gateway } from '../gateway/graph.ts'

it('a gateway whose graph has no models says that it cannot tell, and not that there is none', async () => {
  const server = await gateway()
  for (const of of ['Model%3Amlflow%3Achurn', 'churn']) {
    const response = await server.app.inject(`/evidence?of=${of}`)
    expect(response.statusCode).toBe(503)
    expect(response.json().errors).toMatchObject([
      {
        message: expect.stringContaining('has no part that tells this'),
        extensions: { code: 'EVIDENCE_UNAVAILABLE' },
      },
    ])
  }
  await server.close()
})
