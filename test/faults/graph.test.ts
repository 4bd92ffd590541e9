import { readFileSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../federation/graph.ts'
import { startTogether, type Together } from '../federation/together.ts'
import type { Fault } from './fault.ts'

const fixture = (name: string) => join(import.meta.dirname, 'fixtures', name)
const tls = {
  key: readFileSync(fixture('test-only.key.pem'), 'utf8'),
  cert: readFileSync(fixture('test-only.cert.pem'), 'utf8'),
}
const hasIpv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

const DEADLINE = 8_000

/** Short times where the time is what fails, else ones that a busy machine keeps. */
const settingsFor = (fault?: Fault) => {
  const milliseconds = fault?.kind === 'hang' || fault?.kind === 'drip' ? 800 : 6_000
  return {
    http: { requestTimeout: milliseconds, indexTimeout: milliseconds, maxResponseBytes: 1_000_000 },
    gateway: { requestDeadlineMilliseconds: DEADLINE },
  }
}
const json = { 'content-type': 'application/json' }
const soon = new Date(Date.now() + 3_600_000).toUTCString()

/** Every way to fail, and the reason that the graph gives. */
const faults: [string, Fault, string][] = [
  ['refuses connections', { kind: 'refuse' }, 'DOWN'],
  ['resets connections in mid-body', { kind: 'reset' }, 'DOWN'],
  ['takes requests and says nothing', { kind: 'hang' }, 'TIMEOUT'],
  ['answers one byte a second', { kind: 'drip' }, 'TIMEOUT'],
  ['cuts its JSON short', { kind: 'truncate' }, 'BAD_RESPONSE'],
  ['announces more than it sends', { kind: 'wrong-length', by: 10 }, 'BAD_RESPONSE'],
  ['announces less than it sends', { kind: 'wrong-length', by: -10 }, 'BAD_RESPONSE'],
  [
    'answers JSON of another kind',
    { kind: 'answer', headers: json, body: '{"registered_models": [{"name": 7}], "model_versions": "secret words"}' },
    'BAD_RESPONSE',
  ],
  ['answers a page to log in at, with 200', { kind: 'login-page' }, 'BAD_RESPONSE'],
  ['answers 401', { kind: 'answer', status: 401, body: 'secret words' }, 'FORBIDDEN'],
  ['answers 403', { kind: 'answer', status: 403, body: 'secret words' }, 'FORBIDDEN'],
  ['answers 404 where its API was', { kind: 'answer', status: 404, body: 'secret words' }, 'BAD_RESPONSE'],
  [
    'answers 429 and a number of seconds',
    { kind: 'answer', status: 429, headers: { 'retry-after': '3600' } },
    'RATE_LIMITED',
  ],
  ['answers 429 and a date', { kind: 'answer', status: 429, headers: { 'retry-after': soon } }, 'RATE_LIMITED'],
  ['answers 500', { kind: 'answer', status: 500, body: 'secret words' }, 'DOWN'],
  ['answers 503', { kind: 'answer', status: 503, body: 'secret words' }, 'DOWN'],
  ['answers 200 MB', { kind: 'huge', bytes: 200_000_000 }, 'BAD_RESPONSE'],
  [
    'sends its callers to another host',
    { kind: 'answer', status: 302, headers: { location: 'http://evil.example/secret words' } },
    'BAD_RESPONSE',
  ],
]

interface Parts {
  models: {
    nodes: { name: string; champion: { run: { name: string } | null } }[]
    incomplete: { source: string; reason: string; message: string }[]
  }
  endpoints: {
    nodes: { served: { name: string; origins: { incomplete: { reason: string }[] } }[] }[]
    incomplete: object[]
  }
}
const QUERY = `{
  models { nodes { name champion { run { name } } } incomplete { source reason message } }
  endpoints { nodes { served { name origins { nodes { link { method } } incomplete { reason } } } } incomplete { source } }
}`
const parts = (answer: Answer) => answer.data as Parts
const ask = async (together: Together) => {
  const start = performance.now()
  const answer = await together.graph.ask(QUERY)
  return { answer, took: performance.now() - start, ...parts(answer) }
}
const whole = ['model-00000', 'model-00001', 'model-00002']

describe.concurrent('a registry that fails costs its own part only, with the reason named, and heals by itself, when it', () => {
  it.for(faults)('%s', { timeout: 30_000 }, async ([, fault, reason], { expect }) => {
    const together = await startTogether({ settings: settingsFor(fault) })
    try {
      await together.registry.fault(fault)
      const failing = await ask(together)
      expect(failing.answer).toMatchObject({ status: 200 })
      expect(failing.answer.errors).toBeUndefined()
      expect(failing.took).toBeLessThan(DEADLINE)
      expect(failing.models).toMatchObject({ nodes: [], incomplete: [{ source: 'registry', reason }] })
      expect(failing.endpoints.nodes[0]?.served).toMatchObject(Array(3).fill({ origins: { incomplete: [{ reason }] } }))
      expect(JSON.stringify(failing.answer)).not.toMatch(/secret words|evil\.example/)

      await together.registry.heal()
      await expect
        .poll(async () => (await ask(together)).models.nodes.map(({ name }) => name), {
          timeout: 20_000,
          interval: 300,
        })
        .toEqual(whole)
      expect(await ask(together)).toMatchObject({ models: { incomplete: [] }, endpoints: { incomplete: [] } })
    } finally {
      await together.close()
    }
  })
})

describe('a registry', () => {
  const untrusted = { reason: 'DOWN', message: expect.stringContaining('not trusted: set tls.caFile') }
  it.each<[string, object, object]>([
    ['is not trusted costs its own part only, with the way out', {}, { nodes: [], incomplete: [untrusted] }],
    [
      'is of an authority in tls.caFile is read',
      { tls: { caFile: fixture('test-only.cert.pem') } },
      { nodes: whole.map((name) => ({ name })), incomplete: [] },
    ],
  ])('whose certificate %s', async (_, reading, expected) => {
    const together = await startTogether({ settings: settingsFor(), proxied: { tls }, reading })
    try {
      const { answer, models, endpoints } = await ask(together)
      expect(answer.errors).toBeUndefined()
      expect(models).toMatchObject(expected)
      expect(endpoints.nodes[0]?.served).toHaveLength(3)
    } finally {
      await together.close()
    }
  })

  it('that is reached over IPv6 alone is read, and costs its own part only while it refuses', async ({ skip }) => {
    skip(!hasIpv6, 'this machine has no IPv6')
    const together = await startTogether({ settings: settingsFor(), proxied: { host: '::1' } })
    try {
      await together.registry.fault({ kind: 'refuse' })
      expect((await ask(together)).models).toMatchObject({ nodes: [], incomplete: [{ reason: 'DOWN' }] })
      await together.registry.heal()
      await expect
        .poll(async () => (await ask(together)).models.nodes.map(({ name }) => name), {
          timeout: 20_000,
          interval: 300,
        })
        .toEqual(whole)
    } finally {
      await together.close()
    }
  }, 30_000)

  it('that is named by a host with IPv6 alone, on a machine without, is DOWN with what was tried', async ({ skip }) => {
    skip(hasIpv6, 'this machine has IPv6')
    const together = await startTogether({ settings: settingsFor(), reading: { url: 'http://[::1]:9' } })
    try {
      const { models, endpoints } = await ask(together)
      expect(models).toMatchObject({ nodes: [], incomplete: [{ source: 'registry', reason: 'DOWN' }] })
      expect(endpoints.nodes[0]?.served).toHaveLength(3)
    } finally {
      await together.close()
    }
  })

  it('whose answers are small and inflate to more than they may costs its own part only', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, ' '))
    const answer = { kind: 'answer', headers: { ...json, 'content-encoding': 'gzip' }, body: bomb } as const
    const together = await startTogether({ settings: settingsFor() })
    try {
      await together.registry.fault(answer)
      expect((await ask(together)).models).toMatchObject({ nodes: [], incomplete: [{ reason: 'BAD_RESPONSE' }] })
    } finally {
      await together.close()
    }
  })
})

describe.concurrent('a registry that was read', () => {
  it('and fails later is answered from memory, marked stale, with what is wrong in its status', {
    timeout: 30_000,
  }, async ({ expect }) => {
    const together = await startTogether({
      settings: { ...settingsFor(), index: { freshSeconds: 1, staleSeconds: 600 } },
    })
    try {
      await ask(together)
      await together.registry.fault({ kind: 'refuse' })
      const query =
        '{ models { nodes { name champion { run { name } } provenance { stale ageSeconds source { status { state message } } } } incomplete { reason } } }'
      const models = async () =>
        (
          await together.graph.data<{
            models: { nodes: { provenance: { stale: boolean; source: { status: { state: string } } } }[] }
          }>(query)
        ).models
      await expect
        .poll(async () => (await models()).nodes[0]?.provenance, { timeout: 15_000, interval: 300 })
        .toMatchObject({
          ...{
            stale: true,
            source: { status: { state: 'DOWN', message: expect.stringContaining('refuses connections') } },
          },
        })
      expect((await models()).nodes.length).toBe(3)
      await together.registry.heal()
      await expect
        .poll(async () => (await models()).nodes[0]?.provenance, { timeout: 15_000, interval: 300 })
        .toMatchObject({
          ...{ stale: false, source: { status: { state: 'UP', message: null } } },
        })
    } finally {
      await together.close()
    }
  })

  it('answers 500 once and then again as it should is asked again without anybody noticing', async ({ expect }) => {
    const together = await startTogether({ settings: settingsFor() })
    try {
      await together.registry.fault({ kind: 'answer', status: 503 }, { times: 1 })
      expect((await ask(together)).models).toMatchObject({ incomplete: [], nodes: whole.map((name) => ({ name })) })
    } finally {
      await together.close()
    }
  })
})
