import { describe, expect, it } from 'vitest'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { Upstream } from '#lib/upstream/upstream.ts'
import { signalsPort } from '#services/monitoring/prometheus/signals.ts'

const call = { signal: new AbortController().signal }
const signal = {
  ...{ name: 'drift', kind: 'data' as const, query: 'drift', worse: 'higher' as const, threshold: 0.2 },
  ...{ modelLabel: 'model', featureLabel: 'feature' },
}
const now = Math.floor(Date.now() / 1_000)
const vector = [{ metric: { model: 'loan' }, value: [now, '0.3'] }]
const matrix = [
  { metric: { model: 'loan' }, values: [7_200, 3_600, 0].map((ago) => [now - ago, ago > 3_600 ? '0.1' : '0.3']) },
]

/** A Prometheus that answers, or fails where it has no answer. Tells which paths were asked. */
function prometheus(answers: { query?: unknown; query_range?: unknown; warnings?: string[] }) {
  const asked: string[] = []
  const upstream: Upstream = {
    async request({ path }) {
      const name = path.replace('/api/v1/', '') as 'query' | 'query_range'
      asked.push(name)
      const result = answers[name]
      if (!result) throw new UpstreamError({ source: 'p', reason: 'TIMEOUT', message: 'p did not answer.' })
      const resultType = name === 'query' ? 'vector' : 'matrix'
      const body = { status: 'success', data: { resultType, result }, warnings: answers.warnings }
      const said = { status: 200, contentType: 'application/json', text: '' }
      return { ...said, header: () => undefined, json: () => body }
    },
    close: async () => {},
  }
  return { asked, port: signalsPort({ id: 'p', upstream }, [signal]) }
}

describe('a signal', () => {
  it('is beyond its threshold since the hour at which it began', async () => {
    const { port } = prometheus({ query: vector, query_range: matrix })
    const [record] = await port.read([], call)
    expect(record?.measurements).toMatchObject([{ value: 0.3, since: (now - 3_600) * 1_000, measuredAt: now * 1_000 }])
  })

  it('is told without its past where that could not be read, and does not claim to be new', async () => {
    const { port } = prometheus({ query: vector })
    const [record] = await port.read([], call)
    expect(record).toMatchObject({ measurements: [{ value: 0.3, since: null }], failure: { reason: 'TIMEOUT' } })
  })

  it('has its past looked at again only when that is old', async () => {
    const { port, asked } = prometheus({ query: vector, query_range: matrix })
    const first = await port.read([], call)
    const again = await port.read(first, call)
    expect(asked).toEqual(['query', 'query_range', 'query'])
    expect(again[0]?.measurements).toEqual(first[0]?.measurements)
    await port.read(
      again.map((record) => ({ ...record, historyAt: Date.now() - 700_000 })),
      call,
    )
    expect(asked.slice(3)).toEqual(['query', 'query_range'])
  })

  it('fails with the tool, when the tool fails as a whole', async () => {
    await expect(prometheus({}).port.read([], call)).rejects.toThrow(UpstreamError)
  })

  it('says so where the tool warns that something may be missing', async () => {
    const [record] = await prometheus({ query: vector, query_range: matrix, warnings: ['a store is gone'] }).port.read(
      [],
      call,
    )
    expect(record?.partial).toBe(true)
  })
})
