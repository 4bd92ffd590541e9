import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UpstreamError } from '#lib/upstream/error.ts'
import type { Fault } from './fault.ts'
import { type FaultServer, startFaultServer } from './proxy.ts'
import { PASSWORD, type TestSource, testSource } from './source.ts'

const BODY = JSON.stringify({ models: 'what-the-source-wrote '.repeat(40) })

let server: FaultServer
let source: TestSource
beforeEach(async () => {
  server = await startFaultServer({ answer: () => ({ body: BODY }) })
  source = testSource(server.url)
})
afterEach(async () => {
  await source.close()
  await server.close()
})

const answer = (status: number, headers?: Record<string, string>): Fault => ({
  kind: 'answer',
  status,
  headers: headers ?? { 'content-type': 'text/html' },
  body: '<h1>what-the-source-wrote</h1>',
})
const states = {
  DOWN: 'DOWN',
  TIMEOUT: 'DOWN',
  FORBIDDEN: 'FORBIDDEN',
  RATE_LIMITED: 'DEGRADED',
  BAD_RESPONSE: 'DEGRADED',
}
const host = () => new URL(server.url).host

const faults: { name: string; fault: Fault; reason: UpstreamError['reason']; message: () => string; calls: number }[] =
  [
    {
      name: 'refused connections',
      fault: { kind: 'refuse' },
      reason: 'DOWN',
      message: () => `"tool" refuses connections at ${server.url}: is it running?`,
      calls: 0,
    },
    {
      name: 'a reset in the middle of the body',
      fault: { kind: 'reset' },
      reason: 'DOWN',
      message: () => `"tool" broke the connection to ${server.url}.`,
      calls: 3,
    },
    {
      name: 'a hang',
      fault: { kind: 'hang' },
      reason: 'TIMEOUT',
      message: () => '"tool" did not answer within 500 ms.',
      calls: 1,
    },
    {
      name: 'a slow drip',
      fault: { kind: 'drip', everyMilliseconds: 50 },
      reason: 'TIMEOUT',
      message: () => '"tool" did not answer within 500 ms.',
      calls: 1,
    },
    {
      name: 'a drip of one byte a second',
      fault: { kind: 'drip' },
      reason: 'TIMEOUT',
      message: () => '"tool" did not answer within 500 ms.',
      calls: 1,
    },
    {
      name: 'truncated JSON',
      fault: { kind: 'truncate' },
      reason: 'BAD_RESPONSE',
      message: () =>
        '"tool" answers with something that is no JSON, or is cut off: is its version supported, and does a proxy between change answers?',
      calls: 1,
    },
    {
      name: 'wrong JSON',
      fault: { kind: 'answer', headers: { 'content-type': 'application/json' }, body: '{what-the-source-wrote}' },
      reason: 'BAD_RESPONSE',
      message: () =>
        '"tool" answers with something that is no JSON, or is cut off: is its version supported, and does a proxy between change answers?',
      calls: 1,
    },
    {
      name: 'a login page with status 200',
      fault: { kind: 'login-page' },
      reason: 'BAD_RESPONSE',
      message: () =>
        '"tool" answers with a web page instead of JSON, often a login page: does "url" lead to the tool itself, and does it want credentials?',
      calls: 1,
    },
    {
      name: 'a body shorter than announced',
      fault: { kind: 'wrong-length', by: 10 },
      reason: 'BAD_RESPONSE',
      message: () => `"tool" ended the connection to ${server.url} before its answer was whole.`,
      calls: 3,
    },
    {
      name: 'a body longer than announced',
      fault: { kind: 'wrong-length', by: -10 },
      reason: 'BAD_RESPONSE',
      message: () =>
        '"tool" answers with something that is no JSON, or is cut off: is its version supported, and does a proxy between change answers?',
      calls: 1,
    },
    {
      name: 'an answer of 200 MB',
      fault: { kind: 'huge', bytes: 200_000_000 },
      reason: 'BAD_RESPONSE',
      message: () => '"tool" sent an answer longer than 1 MiB, the limit in http.maxResponseBytes.',
      calls: 1,
    },
    {
      name: '401',
      fault: answer(401),
      reason: 'FORBIDDEN',
      message: () => '"tool" does not accept the credentials (status 401): check auth.basic.',
      calls: 1,
    },
    {
      name: '403',
      fault: answer(403),
      reason: 'FORBIDDEN',
      message: () =>
        '"tool" does not let the account of auth.basic read this (status 403): check its rights, or auth.basic.',
      calls: 1,
    },
    {
      name: "the host check of MLflow's server",
      // As MLflow 3.17.2 answers.
      fault: {
        kind: 'answer',
        status: 403,
        headers: { 'content-type': 'text/plain' },
        body: 'Invalid Host header - possible DNS rebinding attack detected',
      },
      reason: 'FORBIDDEN',
      message: () =>
        `"tool" refuses the host name it is asked by (status 403): the server must allow "${host()}". MLflow: --allowed-hosts.`,
      calls: 1,
    },
    {
      name: '404 that the request does not expect',
      fault: answer(404),
      reason: 'BAD_RESPONSE',
      message: () =>
        '"tool" answers with status 404, which is not expected here: does "url" lead to the tool itself, and is its version supported?',
      calls: 1,
    },
    {
      name: '429 without a time',
      fault: answer(429),
      reason: 'RATE_LIMITED',
      message: () => '"tool" asks to be left alone for a while: it had too many requests (status 429).',
      calls: 1,
    },
    {
      name: '429 with seconds that do not fit into the time limit',
      fault: answer(429, { 'retry-after': '7' }),
      reason: 'RATE_LIMITED',
      message: () => '"tool" asks to be left alone for 7 s: it had too many requests (status 429).',
      calls: 1,
    },
    {
      name: '503 for ever',
      fault: answer(503),
      reason: 'DOWN',
      message: () => `"tool" answers at ${server.url} with a server error (status 503): its log says why.`,
      calls: 3,
    },
    {
      name: '503 with seconds that do not fit into the time limit',
      fault: answer(503, { 'retry-after': '7' }),
      reason: 'DOWN',
      message: () =>
        `"tool" answers at ${server.url} with a server error (status 503): its log says why. It asks to be tried again in 7 s.`,
      calls: 1,
    },
    {
      name: '500',
      fault: answer(500),
      reason: 'DOWN',
      message: () => `"tool" answers at ${server.url} with a server error (status 500): its log says why.`,
      calls: 1,
    },
    {
      name: 'a redirect to another host',
      fault: answer(302, { location: 'https://login.example/?token=what-the-source-wrote' }),
      reason: 'BAD_RESPONSE',
      message: () =>
        '"tool" redirects to another host, scheme or port, which was refused: often a login page, or https for http. Does "url" lead to the tool itself?',
      calls: 1,
    },
    {
      name: 'a redirect in a circle',
      fault: answer(302, { location: '/models' }),
      reason: 'BAD_RESPONSE',
      message: () => '"tool" redirects without end: does "url" lead to the tool itself?',
      calls: 4,
    },
  ]

describe.each(faults)('$name', ({ fault, reason, message, calls }) => {
  it(`is ${reason}, told in time and without anything the source wrote, and heals by itself`, async () => {
    await server.fault(fault)
    const started = performance.now()
    const error = await source.failure({ query: { filter: 'a-secret-parameter' } })
    expect(performance.now() - started).toBeLessThan(2_000)

    expect({ name: error.name, reason: error.reason, message: error.message }).toEqual({
      name: 'UpstreamError',
      reason,
      message: message(),
    })
    expect(server.calls).toHaveLength(calls)
    expect(source.state.status()).toMatchObject({ state: states[reason], message: error.message })
    const told = `${error.stack}${JSON.stringify(error)}${JSON.stringify(error.cause)}${error.cause}${source.lines.join()}`
    for (const secret of [PASSWORD, 'Basic ', 'what-the-source-wrote', 'a-secret-parameter', 'login.example']) {
      expect(told).not.toContain(secret)
    }

    await server.heal()
    expect((await source.get()).json()).toEqual(JSON.parse(BODY))
    expect(source.state.status()).toMatchObject({ state: 'UP', message: null })
  })
})

it('stops reading an answer that is too long', async () => {
  await server.fault({ kind: 'huge', bytes: 200_000_000 })
  await source.failure()
  expect(server.calls[0]?.sent).toBeLessThan(20_000_000)
})
