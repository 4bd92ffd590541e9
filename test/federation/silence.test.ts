import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from '../faults/fault.ts'
import type { Answer } from './graph.ts'
import { startTogether, type Together, WHOLE } from './together.ts'

let together: Together
afterEach(() => together.close())

interface Parts {
  sources: unknown
  me: unknown
  models: { nodes: { name: string; champion: Record<string, unknown>; served: unknown }[]; incomplete: object[] } | null
  endpoints: { nodes: { name: string; served: Record<string, unknown>[] }[]; incomplete: object[] } | null
}
const parts = (answer: Answer) => answer.data as Parts

describe('without the subgraph', () => {
  it('models, the servers still tell what they serve', async () => {
    together = await startTogether({ without: ['models'] })
    const answer = await together.graph.ask(WHOLE)
    const { models, endpoints, sources, me } = parts(answer)
    expect(models).toBeNull()
    expect(endpoints?.nodes[0]?.served).toMatchObject([
      { state: 'READY', origins: null },
      { state: 'NOT_READY' },
      { state: 'READY' },
    ])
    expect(sources).toMatchObject([
      { id: 'registry', status: null },
      { id: 'server', status: { state: expect.any(String) } },
    ])
    expect(me).toEqual({ subject: 'local' })
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toContain('SUBGRAPH_UNAVAILABLE')
  })

  it('serving, the registries still tell what they hold', async () => {
    together = await startTogether({ without: ['serving'] })
    const answer = await together.graph.ask(WHOLE)
    const { models, endpoints, sources } = parts(answer)
    expect(endpoints).toBeNull()
    expect(
      models?.nodes.map(({ name, champion, served }) => [name, champion.version, champion.servedBy, served]),
    ).toEqual(['model-00000', 'model-00001', 'model-00002'].map((name) => [name, '1', null, null]))
    expect(sources).toMatchObject([{ status: { state: expect.any(String) } }, { status: null }])
    expect(answer.errors?.every(({ message }) => message.includes('"serving"'))).toBe(true)
  })

  it('platform, models and endpoints still answer', async () => {
    together = await startTogether({ without: ['platform'] })
    const { models, endpoints, sources, me } = parts(await together.graph.ask(WHOLE))
    expect([sources, me]).toEqual([null, null])
    expect(models?.nodes.length).toBe(3)
    expect(endpoints?.nodes.length).toBe(1)
  })
})

const silent: [string, Fault, string][] = [
  ['refuses connections', { kind: 'refuse' }, 'DOWN'],
  ['hangs', { kind: 'hang' }, 'TIMEOUT'],
  ['answers with a page to log in at', { kind: 'login-page' }, 'BAD_RESPONSE'],
  ['wants other credentials', { kind: 'answer', status: 401, body: 'secret words' }, 'FORBIDDEN'],
  ['breaks', { kind: 'answer', status: 500, body: 'secret words' }, 'DOWN'],
]
/** A short time where the time is what fails, else one that a busy machine keeps. */
const impatient = (fault: Fault) => {
  const milliseconds = fault.kind === 'hang' ? 700 : 3_500
  return {
    settings: {
      http: { requestTimeout: milliseconds, indexTimeout: milliseconds },
      gateway: { requestDeadlineMilliseconds: 5_000 },
    },
  }
}

describe.each(silent)('a source that %s', (_, fault, reason) => {
  it('as the registry, makes its own part incomplete and nothing else', async () => {
    together = await startTogether(impatient(fault))
    await together.registry.fault(fault)
    const start = performance.now()
    const answer = await together.graph.ask(WHOLE)
    expect(performance.now() - start).toBeLessThan(5_000)
    const { models, endpoints } = parts(answer)
    expect(answer.errors).toBeUndefined()
    expect(models).toMatchObject({ nodes: [], incomplete: [{ source: 'registry', reason }] })
    expect(endpoints?.nodes[0]?.served).toMatchObject(
      Array(3).fill({ origins: { nodes: [], incomplete: [{ source: 'registry', reason }] } }),
    )
    expect(JSON.stringify(answer)).not.toContain('secret words')
  })

  it('as the server, makes its own part incomplete and nothing else', async () => {
    together = await startTogether(impatient(fault))
    await together.server.fault(fault)
    const answer = await together.graph.ask(WHOLE)
    const { models, endpoints } = parts(answer)
    expect(answer.errors).toBeUndefined()
    expect(endpoints).toMatchObject({ nodes: [], incomplete: [{ source: 'server', reason }] })
    expect(models?.nodes).toMatchObject(
      Array(3).fill({
        champion: { version: '1', servedBy: { nodes: [], incomplete: [{ source: 'server', reason }] } },
      }),
    )
  })
})

it('one model asked for by id while its registry is silent is an error, never "there is none"', async () => {
  together = await startTogether(impatient({ kind: 'refuse' }))
  await together.registry.fault({ kind: 'refuse' })
  const answer = await together.graph.ask('{ model(id: "Model:registry:model-00000") { name } }')
  expect(answer.data).toEqual({ model: null })
  expect(answer.errors).toMatchObject([
    { path: ['model'], extensions: { code: 'UPSTREAM_UNAVAILABLE', source: 'registry', reason: 'DOWN' } },
  ])
})

it('a request that comes before the first reading is done is told so, and the next one has the answer', async () => {
  together = await startTogether({ settings: { gateway: { requestDeadlineMilliseconds: 500 } } })
  await together.registry.fault({ kind: 'drip', everyMilliseconds: 1 }, { times: 3 })
  const early = parts(await together.graph.ask('{ models { nodes { name } incomplete { reason source message } } }'))
  expect(early.models).toMatchObject({
    nodes: [],
    incomplete: [{ reason: 'TIMEOUT', source: 'registry', message: expect.stringContaining('first time') }],
  })
  await expect
    .poll(async () => parts(await together.graph.ask('{ models { nodes { name } } }')).models?.nodes.length, {
      timeout: 15_000,
    })
    .toBe(3)
})
