import { describe, expect, it } from 'vitest'
import { packEntry, unpackEntry } from '#lib/cache/entry.ts'
import { sourceKey } from '#lib/cache/key.ts'
import { buildConfig } from '#lib/config/load.ts'
import { mlflow } from '#services/models/mlflow/index.ts'

const PASSWORD = 'pa55word'
const auth = (password: string) => ({ auth: { basic: { username: 'modelops', password } } })

function keyOf(options: object, beside: unknown = []): Promise<string> {
  const source = { id: 's', kind: 'mlflow', url: 'http://mlflow.example', ...auth(PASSWORD), ...options }
  const [configured] = buildConfig({ sources: [source] }, { mlflow: mlflow.options }).sources
  if (!configured) throw new Error('one source is configured')
  return sourceKey('modelops', configured, beside)
}

describe('the key of what is shared of a source', () => {
  it('is the same in every process, and shows no credentials', async () => {
    const key = await keyOf({})
    expect(await keyOf({})).toBe(key)
    expect(key).toMatch(/^modelops:\d+:s:[0-9a-f]{32}$/)
    expect(key).not.toContain(PASSWORD)
  })

  it('is another one with what makes other things be read', async () => {
    const keys = await Promise.all([
      keyOf({}),
      keyOf({ id: 't' }),
      keyOf({ url: 'http://other.example' }),
      keyOf(auth('another')),
      keyOf({ auth: { bearer: PASSWORD } }),
      keyOf({}, ['another link']),
    ])
    expect(new Set(keys).size).toBe(keys.length)
  })

  it('is the same with another patience or place of a file', async () => {
    const other = { timeouts: { requestTimeout: 1 }, tls: { insecure: true }, formerly: ['old'] }
    expect(await keyOf(other)).toBe(await keyOf({}))
  })
})

describe('an entry', () => {
  it('comes back as it was', async () => {
    const entry = { value: [{ name: 'née', tags: [], at: null }], fetchedAt: new Date(1_000) }
    expect(await unpackEntry(await packEntry(entry))).toEqual(entry)
  })

  it('is never from the future, though another clock wrote it', async () => {
    const ahead = await unpackEntry(await packEntry({ value: 1, fetchedAt: new Date(Date.now() + 60_000) }))
    expect(ahead?.fetchedAt.getTime()).toBeLessThanOrEqual(Date.now())
  })
})
