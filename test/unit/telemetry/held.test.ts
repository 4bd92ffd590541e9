import { pino } from 'pino'
import { afterAll, expect, it } from 'vitest'
import { createShare } from '#lib/cache/share.ts'
import { RecordCache } from '#lib/record-cache.ts'
import { Snapshot } from '#lib/snapshot.ts'
import { startMetrics } from '#lib/telemetry/metrics.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { memoryStore } from '../cache/memory-store.ts'

const metrics = startMetrics()
afterAll(() => metrics.close())

const log = pino({ level: 'silent' })
const patient = { signal: new AbortController().signal }
const held = { freshSeconds: 30, staleSeconds: 600, log }

async function lines(start: string): Promise<string[]> {
  return (await metrics.exposition()).split('\n').filter((line) => line.startsWith(start))
}

it('an index is shown with its size and age while it is held, its readings with how they ended', async () => {
  let fail = false
  const shown = { as: 'versions', size: (value: string[]) => value.length }
  const snapshot = new Snapshot<string[]>({
    ...{ ...held, source: 'a "quoted"\nname', shown },
    load: async () => {
      if (fail) throw new UpstreamError({ source: 's', reason: 'DOWN', message: 'secret words' })
      return { value: ['1', '2', '3'], fetchedAt: new Date(Date.now() - 60_000) }
    },
  })
  expect(await lines('modelops_index')).toEqual([])
  await snapshot.read(patient)
  const labels = 'source="a \\"quoted\\"\\nname",index="versions"'
  expect(await lines('modelops_index_size')).toEqual([`modelops_index_size{${labels}} 3`])
  const [age = ''] = await lines('modelops_index_age_seconds')
  expect(Number(age.split(' ').at(-1))).toBeGreaterThanOrEqual(60)
  fail = true
  await snapshot.expire()
  expect(await lines('modelops_index_loads')).toEqual([
    `modelops_index_loads_total{${labels},outcome="ok"} 1`,
    `modelops_index_loads_total{${labels},outcome="DOWN"} 1`,
  ])
  await snapshot.close()
  expect(await lines('modelops_index_size')).toEqual([])
})

it('questions to the cache of records are counted, and the keys are not shown', async () => {
  const cache = new RecordCache<string>({
    ...{ ...held, source: 's', maxRecords: 10 },
    load: async (keys) => [...keys],
  })
  await cache.readMany(['secret-1', 'secret-2'], patient)
  await cache.readMany(['secret-1', 'secret-3'], patient)
  cache.expire('secret-1')
  await cache.readMany(['secret-1'], patient)
  const line = (outcome: string, times: number) =>
    `modelops_cache_requests_total{cache="records",source="s",outcome="${outcome}"} ${times}`
  // What is known to have changed is waited for.
  expect(await lines('modelops_cache')).toEqual([line('miss', 4), line('hit', 1)])
  const older = new RecordCache<string>({
    ...{ ...held, freshSeconds: 0, staleSeconds: 600, source: 's', maxRecords: 10 },
    load: async (keys) => [...keys],
  })
  await older.readMany(['a'], patient)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await older.readMany(['a'], patient)
  expect(await lines('modelops_cache')).toEqual([line('miss', 5), line('hit', 1), line('stale', 1)])
})

it('questions to the cache that instances share are counted', async () => {
  const share = createShare({ source: 'shared', store: memoryStore(), key: async () => 'k', keptSeconds: 600, log })
  const read = share('models', async () => 1)
  const call = { ...patient, notBefore: new Date(Date.now() - 1_000) }
  await read(call)
  await expect
    .poll(async () => (await read(call)).value && (await lines('modelops_cache')).join())
    .toContain('modelops_cache_requests_total{cache="shared",source="shared",outcome="hit"} 1')
})
