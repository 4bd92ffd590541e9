import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { buildConfig } from '#lib/config/load.ts'
import { SourceState } from '#lib/source-state.ts'
import type { UpstreamRequest, UpstreamResponse } from '#lib/upstream/upstream.ts'
import { mlflow } from '#services/models/mlflow/index.ts'
import type { Registry } from '#services/models/registry.ts'
import { buildIndex } from '#services/models/registry-index.ts'

const config = buildConfig(
  { sources: [{ id: 's', kind: 'mlflow', url: 'http://127.0.0.1' }] },
  { mlflow: mlflow.options },
)

/** A port over a server whose list of versions has so many pages of 10,000, each of which holds one version here. */
function portOver(pagesOfVersions: number) {
  const asked: string[] = []
  const answer = ({ path, query }: UpstreamRequest): unknown => {
    asked.push(path)
    if (path.endsWith('registered-models/search')) return { registered_models: [{ name: 'm' }] }
    const page = Number(query?.page_token ?? 1)
    const more = page < pagesOfVersions ? { next_page_token: String(page + 1) } : {}
    return { model_versions: [{ name: 'm', version: String(page) }], ...more }
  }
  const upstream = {
    request: async (request: UpstreamRequest): Promise<UpstreamResponse> => {
      const json = answer(request)
      const said = { status: 200, contentType: 'application/json', text: JSON.stringify(json) }
      return { ...said, header: () => undefined, json: () => json }
    },
    close: async () => {},
  }
  const [source] = config.sources
  if (!source) throw new Error('one source is configured')
  const context = { upstream, state: new SourceState(), links: [], registries: ['s'], log: pino({ level: 'silent' }) }
  const port = mlflow.create({ ...context, source })
  return { port, pagesRead: () => asked.filter((path) => path.endsWith('model-versions/search')).length }
}

const call = { signal: new AbortController().signal }

describe('a registry with more versions than may be held', () => {
  it('is read until there are enough, and says that there are more', async () => {
    const { port, pagesRead } = portOver(5)
    const list = await port.models(call, 15_000)
    expect([pagesRead(), list.truncated, list.models[0]?.versions.length]).toEqual([2, true, 2])
  })

  it('is told apart from one that has just as many', async () => {
    const { port, pagesRead } = portOver(2)
    const list = await port.models(call, 20_000)
    expect([pagesRead(), list.truncated]).toEqual([2, false])
  })

  it('says in its index, and with each model, how many were read and what to do', async () => {
    const list = await portOver(5).port.models(call, 15_000)
    const index = buildIndex({ id: 's' } as Registry, list, config.production, new Date())
    expect(index.incomplete).toEqual([
      {
        source: 's',
        reason: 'TRUNCATED',
        count: null,
        message:
          's has more versions than may be held, so only the 2 that were updated last are here: raise index.maxVersions, or delete old versions.',
      },
    ])
    expect(index.models[0]?.incomplete).toBe(index.incomplete)
  })
})
