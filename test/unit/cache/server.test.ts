import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { startOpenInference } from '#demo/open-inference/index.ts'
import type { SharedStore } from '#lib/cache/store.ts'
import { buildConfig } from '#lib/config/load.ts'
import { connectSources } from '#lib/sources.ts'
import { openInference } from '#services/serving/open-inference/index.ts'
import { createServer, type Server } from '#services/serving/server.ts'
import { memoryStore } from './memory-store.ts'

const patient = { signal: new AbortController().signal }

/** A model server as one instance of the gateway reads it. */
function instance(url: string, shared: SharedStore): Server {
  const log = pino({ level: 'silent' })
  const sources = [{ id: 's', kind: 'open-inference', url }]
  const config = buildConfig({ sources }, { 'open-inference': openInference.options })
  const [connected] = connectSources([openInference], { config, registries: [], shared, log })
  if (!connected) throw new Error('one source is configured')
  return createServer(connected, config, log)
}

describe('two instances over one model server', () => {
  it('hold the same, and only one of them has asked it', async () => {
    const standIn = await startOpenInference({
      dialect: 'mlserver',
      models: [
        { name: 'churn', version: '1', inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4] }] },
        { name: 'fraud', version: '2', state: 'failed', loadFailure: 'no such file' },
      ],
    })
    const store = memoryStore()
    const [one, two] = [instance(standIn.url, store), instance(standIn.url, store)]
    try {
      const [first, second] = await Promise.all([one.index.read(patient), two.index.read(patient)])
      const shown = ({ value, fetchedAt }: typeof first) => ({
        fetchedAt,
        endpoints: value?.endpoints.map(({ from: _, served, ...rest }) => ({
          ...rest,
          served: served?.map(({ endpoint: __, ...model }) => model),
        })),
      })
      expect(shown(first).endpoints?.[0]?.served).toMatchObject([
        { name: 'churn', state: 'READY', inputs: [{ shape: [-1, 4] }] },
        { name: 'fraud', state: 'NOT_READY' },
      ])
      expect(shown(second)).toEqual(shown(first))
      const asked = [one, two].map(({ connected }) => connected.state.version)
      expect(asked.filter((version) => version !== undefined)).toHaveLength(1)
    } finally {
      await Promise.all([one, two].map((server) => server.close()))
      await standIn.close()
    }
  })
})
