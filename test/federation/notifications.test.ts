import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type FaultServer, startFaultServer } from '../faults/proxy.ts'
import { type Observed, startObserved } from './observed.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const SECRET = 'hook-secret-for-tests'

/** A receiver, and a graph that tells it when another version of a model of Sales is in production. */
async function start(rule: object = {}): Promise<{ one: Observed; receiver: FaultServer }> {
  const receiver = await startFaultServer()
  closers.push(receiver.close)
  const settings = {
    notifications: [
      {
        ...{ id: 'sales', url: `${receiver.url}/hook?token=abc`, secret: SECRET },
        when: { kinds: ['CHAMPION_CHANGED'], domains: ['Sales'] },
        ...rule,
      },
    ],
  }
  const one = await startObserved(settings)
  closers.push(one.close)
  // The rule has begun, and the first look, which only finds, is over.
  if (!('when' in rule)) {
    await vi.waitFor(async () => expect(await one.state.readMark('notifications.sales')).toBeTypeOf('number'), PATIENCE)
  }
  await vi.waitFor(async () => {
    expect((await one.state.read({ kinds: ['observation'] }, { first: 50 })).entries.length).toBeGreaterThan(4)
  }, PATIENCE)
  return { one, receiver }
}

const PATIENCE = { timeout: 15_000, interval: 100 }

interface Event {
  id: string
  type: string
  subject: string
  data: { before: string; after: string; owners: string[]; text: string }
}
const events = ({ calls }: FaultServer) => calls.map(({ body }) => JSON.parse(body) as Event)

describe('a notification', () => {
  it('tells of a change as a signed CloudEvent, and of nothing that was only found', async () => {
    const { one, receiver } = await start()
    expect(receiver.calls).toEqual([])
    await one.promote('churn', '2')
    await vi.waitFor(() => expect(receiver.calls).toHaveLength(1), PATIENCE)
    const [call] = receiver.calls
    expect(call).toMatchObject({ method: 'POST', path: '/hook?token=abc' })
    expect(call?.headers['content-type']).toBe('application/cloudevents+json; charset=utf-8')
    const { 'webhook-id': id, 'webhook-timestamp': seconds, 'webhook-signature': signature } = call?.headers ?? {}
    const expected = createHmac('sha256', SECRET).update(`${id}.${seconds}.${call?.body}`).digest('base64')
    expect(signature).toBe(`v1,${expected}`)
    expect(Math.abs(Date.now() / 1_000 - Number(seconds))).toBeLessThan(30)
    expect(events(receiver)).toEqual([
      {
        ...{ specversion: '1.0', id, source: '/modelops/delivery', type: 'modelops.champion-changed' },
        ...{ subject: 'Model:registry:churn', time: expect.any(String), datacontenttype: 'application/json' },
        data: expect.objectContaining({
          ...{ kind: 'CHAMPION_CHANGED', before: '1', after: '2', owners: ['retention'], domain: 'Sales' },
          text: 'churn (registry): the version declared to be in production was 1 and is 2.',
        }),
      },
    ])
    // Of another domain, nobody is told.
    await one.promote('credit', '1')
    await vi.waitFor(async () => {
      const { entries } = await one.state.read({ subjects: ['Model:registry:credit'] }, { first: 1, newestFirst: true })
      expect(entries[0]?.content).toMatchObject({ observation: 'CHAMPION_CHANGED', after: '1' })
    }, PATIENCE)
    await sleep(1_500)
    expect(receiver.calls).toHaveLength(1)
  })

  it('waits for a receiver that is down, and comes in order', async () => {
    const { one, receiver } = await start()
    await receiver.fault({ kind: 'answer', status: 503 })
    await one.promote('churn', '2')
    await vi.waitFor(() => expect(receiver.calls.length).toBeGreaterThan(1), PATIENCE)
    await one.promote('churn', '1')
    await sleep(6_500)
    const refused = receiver.calls.length
    await receiver.heal()
    await vi.waitFor(() => expect(receiver.calls.length).toBeGreaterThanOrEqual(refused + 2), { timeout: 40_000 })
    const delivered = events(receiver).slice(-2)
    expect(delivered.map(({ data }) => [data.before, data.after])).toEqual([
      ['1', '2'],
      ['2', '1'],
    ])
    // The same message has the same id each time.
    expect(new Set(events(receiver).map(({ id }) => id)).size).toBe(2)
  }, 60_000)

  it('is not lost where the process ends before it was delivered', async () => {
    const { one, receiver } = await start()
    await receiver.fault({ kind: 'refuse' })
    await one.promote('churn', '2')
    await vi.waitFor(async () => {
      const { entries } = await one.state.read({ subjects: ['Model:registry:churn'] }, { first: 1, newestFirst: true })
      expect(entries[0]?.content).toMatchObject({ observation: 'CHAMPION_CHANGED', after: '2' })
    }, PATIENCE)
    await one.graph.close()
    await receiver.heal()
    await one.again()
    await vi.waitFor(() => expect(receiver.calls).toHaveLength(1), PATIENCE)
    expect(events(receiver)[0]?.data).toMatchObject({ before: '1', after: '2' })
    const told = await one.state.read({ kinds: ['notification'] }, { first: 5 })
    expect(told.entries.map(({ content }) => content)).toMatchObject([{ rule: 'sales', outcome: 'delivered' }])
  })

  it.each([
    ['slack', { text: 'churn (registry): the version declared to be in production was 1 and is 2.' }],
    ['teams', { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }] }],
  ])('is written as %s takes it', async (format, expected) => {
    const { one, receiver } = await start({ format })
    await one.promote('churn', '2')
    await vi.waitFor(() => expect(receiver.calls).toHaveLength(1), PATIENCE)
    expect(receiver.calls[0]?.headers['content-type']).toBe('application/json')
    expect(events(receiver)[0]).toMatchObject(expected)
  })

  it('tells once of what ends soon, unless it was revoked', async () => {
    const { one, receiver } = await start({ when: { expiresWithinDays: 14 }, secret: undefined })
    const waiver = (subject: string, days: number) => ({
      ...{ kind: 'waiver' as const, subject, actor: 'key:risk', content: { policy: 'owner-active' } },
      expiresAt: new Date(Date.now() + days * 86_400_000),
    })
    const [soon, , revoked] = await one.state.append([
      waiver('Model:registry:churn', 5),
      waiver('Model:registry:credit', 50),
      waiver('Model:registry:credit', 6),
    ])
    if (!soon || !revoked) return expect.fail()
    await one.state.append([{ kind: 'waiver-revoked', actor: 'key:risk', content: {}, refersTo: revoked.id }])
    await one.graph.close()
    await one.again()
    await vi.waitFor(() => expect(receiver.calls).toHaveLength(1), PATIENCE)
    expect(receiver.calls[0]?.headers['webhook-signature']).toBeUndefined()
    expect(events(receiver)[0]).toMatchObject({
      ...{ id: soon.id, type: 'modelops.waiver-ends', subject: 'Model:registry:churn' },
      data: { owners: ['retention'] },
    })
    await one.again()
    await sleep(2_500)
    expect(receiver.calls).toHaveLength(1)
  })
})
