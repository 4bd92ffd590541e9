import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type Cold, delayMilliseconds, measureCold } from './cold.ts'
import { quick, thorough } from './plan.ts'
import { measureStart } from './start.ts'
import { table } from './table.ts'
import { measureWalks, type Walked } from './walk-and-judge.ts'
import { measureWarm, type Warm } from './warm.ts'

/** Models whose whole lineage is walked: of more, it is bounded, and so says nothing. */
const MOST_WALKED = 500

// Measures the portfolio query on this gateway, on the stock one and with scripts, and prints tables in Markdown.

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const plan = values.quick ? quick : thorough

const warm: Warm[] = []
for (const models of plan.models) warm.push(...(await measureWarm(models, plan)))
const cold: Cold[] = []
for (const models of plan.models) cold.push(...(await measureCold(models, plan)))

const nameOf = { stock: 'stock gateway', ours: 'this gateway' }
console.log('\nWarm: ten connections, every request with other variables.\n')
console.log(
  table(
    [
      'models',
      '',
      'requests/s',
      '× stock',
      'p50 ms',
      'p99 ms',
      'p50 ms, one connection',
      'CPU ms/request',
      '× less CPU',
      'peak MB',
      'upstream calls/request',
    ],
    warm.map((one) => [
      ...[one.models, nameOf[one.variant], one.perSecond, one.timesStock, one.p50, one.p99, one.p50Alone],
      ...[one.cpuMilliseconds, one.timesLessCpu, one.peakMegabytes, one.callsPerRequest],
    ]),
  ),
)

const names = { ...nameOf, 'one by one': 'script, one by one', 'ten at a time': 'script, ten at a time' }
const oneByOne = (models: number) => cold.find((one) => one.asker === 'one by one' && one.models === models)
console.log(`\nCold: the first answer of a new process, each answer of the tools ${delayMilliseconds} ms late.\n`)
console.log(
  table(
    ['models', '', 'ms', '× one by one', 'CPU ms', 'peak MB', 'upstream calls'],
    cold.map((one) => [
      ...[one.models, names[one.asker], one.milliseconds],
      (oneByOne(one.models)?.milliseconds ?? Number.NaN) / one.milliseconds,
      ...[one.cpuMilliseconds, one.peakMegabytes, one.calls],
    ]),
  ),
)

const walks: Walked[] = []
for (const models of plan.models.filter((count) => count <= MOST_WALKED)) {
  walks.push(...(await measureWalks(models, plan)))
}
const asks = { lineage: 'lineage, 6 steps upstream', health: 'health of all', compliance: 'compliance of all' }
console.log(
  `\nOver the whole graph, all in memory, on ${cpus().length} × ${cpus()[0]?.model}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.\n`,
)
console.log(
  table(
    ['models', '', 'things', 'first ms', 'again ms', 'CPU ms, first', 'upstream calls again'],
    walks.map((one) => [
      ...[one.models, asks[one.question], one.things, one.first, one.again],
      ...[one.cpuMilliseconds, one.callsAgain],
    ]),
  ),
)

const start = await measureStart(plan.models[0] ?? 50, plan.rounds + 2)
console.log(`\nStart: ${Math.round(start)} ms from the command to the first answer, everything in one process.`)
