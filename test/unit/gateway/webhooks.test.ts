import { describe, expect, it } from 'vitest'
import type { Subgraph } from '#lib/subgraph.ts'
import type { Delivery, DeliveryAnswer } from '#lib/webhook.ts'
import { gateway, subgraphs } from './graph.ts'

/** A gateway over a subgraph that answers deliveries as the test says, and what it was told. */
async function listening(answer: DeliveryAnswer = { status: 204, message: '' }) {
  const told: Delivery[] = []
  const receive = (delivery: Delivery) => {
    told.push(delivery)
    return delivery.source === 'known' ? answer : undefined
  }
  const [first, ...others] = subgraphs()
  const { app } = await gateway({ subgraphs: [...others, { ...(first as Subgraph), receive }] })
  const post = (url: string, payload: string | Buffer, headers: Record<string, string> = {}) =>
    app.inject({ method: 'POST', url, payload, headers: { 'content-type': 'application/json', ...headers } })
  return { post, app, told }
}

describe('/webhooks', () => {
  it('hands on the very bytes that came, with their headers, and says that they were taken', async () => {
    const { post, told } = await listening()
    const { statusCode, body } = await post('/webhooks/mlflow?source=known', ' {"a" : 1}\n', {
      'x-signature': 'v1,abc',
    })
    expect([statusCode, body]).toEqual([204, ''])
    expect(told[0]).toMatchObject({ tool: 'mlflow', source: 'known', body: Buffer.from(' {"a" : 1}\n') })
    expect(told[0]?.header('x-signature')).toBe('v1,abc')
  })

  it('takes messages from other computers, since the signature tells who sent them', async () => {
    const { app } = await listening()
    const { statusCode } = await app.inject({
      ...{ method: 'POST', url: '/webhooks/mlflow?source=known', payload: '{}' },
      ...{ remoteAddress: '203.0.113.9', headers: { 'content-type': 'text/plain', 'x-forwarded-for': '203.0.113.9' } },
    })
    expect(statusCode).toBe(204)
  })

  it('says why one is refused', async () => {
    const { post } = await listening({ status: 401, message: 'The signature is wrong.' })
    const response = await post('/webhooks/mlflow?source=known', '{}')
    expect(response.statusCode).toBe(401)
    expect(response.json().errors[0]).toMatchObject({
      message: 'The signature is wrong.',
      extensions: { code: 'WEBHOOK_REFUSED' },
    })
  })

  it.each(['?source=other', '', '?source=known&source=known'])('knows no source %j', async (query) => {
    const { post } = await listening()
    const response = await post(`/webhooks/mlflow${query}`, '{}')
    expect(response.statusCode).toBe(404)
    expect(response.json().errors[0].message).toContain('the source needs a webhookSecret')
  })

  it('refuses a message that is too large, before anybody is told', async () => {
    const { post, told } = await listening()
    const response = await post('/webhooks/mlflow?source=known', Buffer.alloc(262_145))
    expect([response.statusCode, told.length]).toEqual([413, 0])
    expect(response.json().errors[0].message).toBe('The message is larger than 262144 bytes.')
  })

  it('looks at a hundred messages a second at most', async () => {
    const { post, told } = await listening()
    const answers = await Promise.all(Array.from({ length: 130 }, () => post('/webhooks/mlflow?source=known', '{}')))
    const taken = answers.filter(({ statusCode }) => statusCode === 204).length
    expect(answers.filter(({ statusCode }) => statusCode === 429).length).toBe(130 - taken)
    expect(taken).toBe(told.length)
    expect(taken).toBeLessThan(130)
  })
})
