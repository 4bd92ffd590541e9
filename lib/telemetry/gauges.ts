import type { Meter } from '@opentelemetry/api'
import { watched } from './watched.ts'

const breakerStates = { closed: 0, 'half-open': 0.5, open: 1 }

/** Gauges of what is watched. */
export function addGauges(meter: Meter): void {
  const gauge = (name: string, description: string, unit = '') =>
    meter.createObservableGauge(`modelops.${name}`, { description, unit })

  const running = gauge('upstream.running', 'Requests to a source that are under way.')
  const waiting = gauge('upstream.waiting', 'Requests to a source that wait for one under way to end.')
  const breaker = gauge(
    'upstream.breaker',
    '0: a source is asked; 1: it failed too often and is left alone; 0.5: it is tried.',
  )
  meter.addBatchObservableCallback(
    (result) => {
      for (const { source, load } of watched.sources) {
        const now = load()
        result.observe(running, now.running, { source })
        result.observe(waiting, now.waiting, { source })
        result.observe(breaker, breakerStates[now.breaker], { source })
      }
    },
    [running, waiting, breaker],
  )

  const age = gauge('index.age', 'Time since a source was asked for what is held of it.', 's')
  const size = gauge('index.size', 'What is held of a source: versions, runs, endpoints.')
  meter.addBatchObservableCallback(
    (result) => {
      for (const { source, index, held } of watched.indexes) {
        const now = held()
        if (!now) continue
        result.observe(age, now.ageSeconds, { source, index })
        result.observe(size, now.size, { source, index })
      }
    },
    [age, size],
  )

  const queriesRunning = gauge('gateway.running', 'Queries that are being answered.')
  const queriesWaiting = gauge('gateway.waiting', 'Queries that wait for one being answered to end.')
  meter.addBatchObservableCallback(
    (result) => {
      for (const queue of watched.queues) {
        result.observe(queriesRunning, queue.running)
        result.observe(queriesWaiting, queue.waiting)
      }
    },
    [queriesRunning, queriesWaiting],
  )
}
