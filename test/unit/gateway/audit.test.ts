import { type AuditResult, serverAudits } from 'graphql-http'
import { afterAll, describe, expect, it } from 'vitest'
import { gateway } from './graph.ts'

const server = await gateway()
const url = `${await server.listen()}/graphql`

afterAll(() => server.close())

const status = 'A client that only looks at the status must see that nothing was answered, whatever it accepts.'
const preflight =
  'A GET without content-type needs a header that makes browsers ask first, against requests from other sites.'

/** Recommendations (SHOULD, MAY) that are not followed, by the id of the audit, and why. */
const deviations = new Map([
  ['572B', status],
  ['FDE2', status],
  ['7B9B', status],
  ['5A70', preflight],
  ['D6D5', preflight],
  ['6A70', preflight],
])

describe('GraphQL over HTTP', () => {
  for (const { id, name, fn } of serverAudits({ url })) {
    const deviation = deviations.get(id)
    it(`${id} ${name}${deviation ? `: not followed. ${deviation}` : ''}`, async () => {
      const expected: AuditResult['status'][] = deviation ? ['warn', 'notice'] : ['ok']
      expect(expected).toContain((await fn()).status)
    })
  }
})
