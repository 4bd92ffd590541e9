import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import type { Fault } from '../test/faults/fault.ts'
import { type FaultServer, startFaultServer } from '../test/faults/proxy.ts'
import { spawn } from './child.ts'
import { registry, repository } from './company.ts'
import { faultsOf, isWhole } from './soak-judge.ts'
import { type Question, questionOf, WHOLE } from './soak-queries.ts'

// Asks all sorts of things for a while over sources that fail and heal in every way. Ends with 1 where memory grew, an
// answer had a hole that names no reason, or something was left over.

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' }, seed: { type: 'string' } } })
const minutes = Number(values.minutes)
if (!(minutes > 0)) throw new Error(`--minutes: a number above 0 was expected, not ${values.minutes}`)
const seed = Number(values.seed ?? Date.now() % 1_000_000)
console.log(`${minutes} minutes, seed ${seed}`)

const PER_SECOND = 40
const MOST_AT_ONCE = 200
const MODELS = 60
/** Short, so that sources are read again and again, and failures tell soon. */
const settings = {
  index: { freshSeconds: 2, staleSeconds: 4 },
  http: { requestTimeout: 800, indexTimeout: 1_500, maxResponseBytes: 1_048_576 },
  gateway: { requestDeadlineMilliseconds: 3_000 },
}
const faults: readonly Fault[] = [
  ...([
    { kind: 'refuse' },
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'drip', everyMilliseconds: 5 },
  ] satisfies Fault[]),
  ...([{ kind: 'truncate' }, { kind: 'wrong-length', by: 10 }, { kind: 'login-page' }] satisfies Fault[]),
  ...([{ kind: 'huge', bytes: 2_097_152 }] satisfies Fault[]),
  ...[401, 404, 429, 500, 503].map((status): Fault => ({ kind: 'answer', status, body: 'secret words' })),
]

const mlflow = await startMlflow({ version: '3.17.2', data: registry(MODELS) })
const mlserver = await startOpenInference({ dialect: 'mlserver', models: repository(MODELS) })
const proxies = [await startFaultServer({ target: mlflow.url }), await startFaultServer({ target: mlserver.url })]
const [first, second] = proxies
if (!first || !second) throw new Error('there are two')
const subject = await spawn('subject.ts', ['--expose-gc'])
const upstreams = { mlflow: first.url, server: second.url }
const url = await subject.call<string>('start', { variant: 'ours', upstreams, settings })
const pool = new Pool(url, { connections: MOST_AT_ONCE })

const random = mulberry(seed)
const wrong = new Map<string, number>()
const outcomes = new Map<string, number>()
const heap: number[] = []
let outstanding = 0
const end = performance.now() + minutes * 60_000
const going = () => performance.now() < end
await Promise.all([ask(), ...proxies.map(fail), watch()])

// Everything works again: so it has to answer, soon.
await Promise.all(proxies.map((proxy) => proxy.heal()))
const healed = await within(40, async () => isWhole((await send({ body: JSON.stringify({ query: WHOLE }) })).text))
const settled = await within(15, async () => outstanding === 0 && (await subject.call<number>('underWay')) === 0)
const { from, to } = growth(heap)
const flat = to <= from * 1.1 + 4

await pool.close()
await subject.stop()
await Promise.all([...proxies, mlflow, mlserver].map((one) => one.close()))
for (const [outcome, count] of [...outcomes].sort()) console.log(`${outcome}: ${count}`)
console.log(
  `heap after collection: ${from.toFixed(1)} MB after the warm-up, ${to.toFixed(1)} MB in the end, in ${heap.length} looks`,
)
for (const [what, count] of wrong) console.error(`${count} × ${what}`)
if (!healed) console.error('a source that works again is not asked again')
if (!settled) console.error(`something is left over: ${outstanding} queries unanswered`)
if (!flat) console.error(`memory grew: ${heap.map((megabytes) => megabytes.toFixed(1)).join(', ')}`)
process.exitCode = healed && settled && flat && wrong.size === 0 ? 0 : 1

/** Asks at a bounded rate, whether or not what was asked before is answered. */
async function ask(): Promise<void> {
  for (let i = 0; going(); i++) {
    await pause(1_000 / PER_SECOND)
    if (outstanding >= MOST_AT_ONCE) count(outcomes, 'not asked, too many unanswered')
    else void answerOf(questionOf(i))
  }
}

async function answerOf(question: Question): Promise<void> {
  outstanding++
  try {
    const { status, text } = await send(question)
    const faulty = faultsOf(text)
    count(outcomes, `${status}${text.includes('"errors":[') ? ' with errors' : ''}`)
    if (text.includes('secret words')) faulty.push('what a source wrote is passed on')
    for (const fault of faulty) count(wrong, fault.replace(/[0-9a-f-]{36}/g, '…'))
  } catch (error) {
    if (question.patience === undefined) count(wrong, `no answer: ${error}`)
    else count(outcomes, 'the client went away')
  } finally {
    outstanding--
  }
}

async function send({ body, headers = {}, patience }: Question): Promise<{ status: number; text: string }> {
  const { statusCode, body: answer } = await pool.request({
    ...{ path: '/graphql', method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } },
    signal: patience === undefined ? AbortSignal.timeout(10_000) : AbortSignal.timeout(patience),
  })
  return { status: statusCode, text: await answer.text() }
}

/** Fails in some way for a while, works for a while. */
async function fail(proxy: FaultServer): Promise<void> {
  while (going()) {
    await pause(2_000 + random() * 4_000)
    await proxy.fault(faults[Math.floor(random() * faults.length)] ?? { kind: 'hang' })
    await pause(1_000 + random() * 4_000)
    await proxy.heal()
    proxy.calls.length = 0
  }
}

async function watch(): Promise<void> {
  const interval = Math.max(1_000, (minutes * 60_000) / 100)
  while (going()) {
    await pause(interval)
    heap.push(await subject.call<number>('heap'))
  }
}

/** Medians of the second and of the last quarter: the first is the warm-up. */
function growth(looks: readonly number[]): { from: number; to: number } {
  const quarter = Math.floor(looks.length / 4)
  const middle = (part: number[]) => part.sort((a, b) => a - b)[Math.floor(part.length / 2)] ?? Number.NaN
  return { from: middle(looks.slice(quarter, 2 * quarter)), to: middle(looks.slice(3 * quarter)) }
}

async function within(seconds: number, holds: () => Promise<boolean>): Promise<boolean> {
  const last = performance.now() + seconds * 1_000
  while (performance.now() < last) {
    if (await holds().catch(() => false)) return true
    await pause(250)
  }
  return false
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

/** Numbers from 0 to 1 that are the same for the same seed. */
function mulberry(state: number): () => number {
  let a = state
  return () => {
    a = (a + 0x6d2b79f5) | 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}
