import { performance } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Meter } from '@opentelemetry/api'
import { eventLoopDelay } from './event-loop.ts'

/** What the process uses, by OpenTelemetry's names for it. */
export function addProcessGauges(meter: Meter): void {
  const gauge = (name: string, unit: string, description: string, read: () => number) =>
    meter.createObservableGauge(name, { unit, description }).addCallback((result) => result.observe(read()))

  const late = 'By how much the event loop was late since the last look'
  gauge('nodejs.eventloop.delay.mean', 's', `${late}, on average.`, () => eventLoopDelay().mean)
  gauge('nodejs.eventloop.delay.p99', 's', `${late}, in 1 of 100 cases or worse.`, () => eventLoopDelay().p99)
  gauge('nodejs.eventloop.delay.max', 's', `${late}, at most.`, () => eventLoopDelay().max)
  gauge('process.memory.usage', 'By', 'Memory of the process in RAM (RSS).', () => process.memoryUsage.rss())
  gauge('v8js.memory.heap.used', 'By', 'Memory that JavaScript objects take.', () => getHeapStatistics().used_heap_size)
  gauge('v8js.memory.heap.limit', 'By', 'Memory that they may take.', () => getHeapStatistics().heap_size_limit)
  gauge('process.uptime', 's', 'Time since the process began.', () => performance.now() / 1_000)
  meter
    .createObservableCounter('process.cpu.time', {
      unit: 's',
      description: 'Time that processors worked for the process.',
    })
    .addCallback((result) => {
      const { user, system } = process.cpuUsage()
      result.observe((user + system) / 1e6)
    })
}
