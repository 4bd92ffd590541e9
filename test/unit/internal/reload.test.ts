import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Gateway } from '#gateway/gateway.ts'
import { ask, gateway, type Setting, subgraphs, supergraphSdl } from '../gateway/graph.ts'

/** The supergraph with something in it that clients can see. */
const version = (n: number) => supergraphSdl.replace('type Query\n', `"""version ${n}"""\ntype Query\n`)

let folder: string
let file: string
const closers: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supergraph-'))
  file = join(folder, 'supergraph.graphql')
  closers.push(() => rm(folder, { recursive: true }))
})
afterEach(async () => {
  vi.useRealTimers()
  for (const close of closers.splice(0).reverse()) await close()
})

async function watching(setting: Setting = {}) {
  await writeFile(file, version(0))
  const own = await gateway({ supergraphSdl: version(0), supergraphFile: file, ...setting })
  closers.push(own.close)
  return own
}
async function served(own: Gateway): Promise<unknown> {
  const { data } = await ask(own, '{ __type(name: "Query") { description } }')
  return (data as { __type: { description: unknown } }).__type.description
}
const ready = async (own: Gateway) => (await own.app.inject('/health/ready')).json()
const seen = (own: Gateway, n: number) => expect.poll(() => served(own), { timeout: 4_000 }).toBe(`version ${n}`)

describe('the supergraph', () => {
  it('changes five times while 200 queries are in flight, and none of them fails', async () => {
    const gate = Promise.withResolvers<void>()
    let waiting = 0
    const endpoints = async () => {
      waiting += 1
      await gate.promise
      return [{ name: 'live', model: { id: 'm1' } }]
    }
    const config = { concurrency: { running: 300 } }
    const own = await watching({ config, subgraphs: subgraphs({ serving: { Query: { endpoints } } }) })
    // The second step of each, the name of the model, is yet to come.
    const queries = Array.from({ length: 200 }, () => ask(own, '{ endpoints { name model { name } } }'))
    await expect.poll(() => waiting).toBe(200)
    let over = false
    const others = Array.from({ length: 5 }, async () => {
      const failed: unknown[] = []
      while (!over) {
        const answer = await ask(own, '{ answer models { traffic } }')
        if (answer.errors || answer.status !== 200) failed.push(answer)
      }
      return failed
    })
    for (const n of [1, 2, 3, 4, 5]) {
      await writeFile(file, version(n))
      await seen(own, n)
    }
    over = true
    gate.resolve()
    expect((await Promise.all(others)).flat()).toEqual([])
    const answers = await Promise.all(queries)
    expect(new Set(answers.map(({ status, data, errors }) => JSON.stringify({ status, data, errors })))).toEqual(
      new Set([JSON.stringify({ status: 200, data: { endpoints: [{ name: 'live', model: { name: 'churn' } }] } })]),
    )
  }, 20_000)

  it.each([
    ['cut off in the middle', version(1).slice(0, 2_000), 'Syntax Error'],
    ['empty', '', 'Syntax Error'],
    ['that is a subgraph', 'type Query { answer: Int }', 'Invalid supergraph'],
    // Only the planner finds it, when the rest is built.
    ['with a key that is no field', version(1).replaceAll('key: "id"', 'key: "none"'), 'none'],
  ])('%s is refused with its reason, and the last good one goes on', async (_, text, reason) => {
    const own = await watching()
    await writeFile(file, text)
    await expect
      .poll(() => ready(own), { timeout: 4_000 })
      .toEqual({
        ready: true,
        supergraphRefused: { reason: expect.stringContaining(reason), since: expect.stringMatching(/^\d{4}-.*Z$/) },
      })
    expect(own.lines).toContainEqual(expect.objectContaining({ level: 50, reason: expect.stringContaining(reason) }))
    expect(await served(own)).toBe('version 0')
    expect((await ask(own, '{ answer models { traffic } }')).errors).toBeUndefined()
    await writeFile(file, `${text}\n# the same again`)
    await expect.poll(() => own.lines.filter(({ level }) => level === 50).length, { timeout: 4_000 }).toBe(2)
    await writeFile(file, version(2))
    await seen(own, 2)
    expect(await ready(own)).toEqual({ ready: true })
  })

  it('that is gone is told, and so is that it is back', async () => {
    const own = await watching()
    await rm(file)
    await expect
      .poll(() => ready(own), { timeout: 4_000 })
      .toMatchObject({
        supergraphRefused: { reason: 'The file cannot be read (ENOENT).' },
      })
    await writeFile(file, version(0))
    await expect.poll(() => ready(own), { timeout: 4_000 }).toEqual({ ready: true })
    expect(await served(own)).toBe('version 0')
  })

  it('is seen when another file is put in its place', async () => {
    const own = await watching()
    await writeFile(join(folder, 'new'), version(1))
    await rename(join(folder, 'new'), file)
    await seen(own, 1)
  })

  it('is looked at every five seconds, where nobody tells of changes', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const mount = join(folder, 'mount')
    await mkdir(mount)
    await writeFile(join(mount, 'text'), version(0))
    await symlink(join(mount, 'text'), join(folder, 'link'))
    const own = await watching({ supergraphFile: join(folder, 'link') })
    await writeFile(join(mount, 'text'), version(1))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await served(own)).toBe('version 0')
    vi.advanceTimersByTime(5_000)
    vi.useRealTimers()
    await seen(own, 1)
  })

  it('is watched no longer when the gateway has ended', async () => {
    const own = await gateway({ supergraphSdl: version(0), supergraphFile: file })
    await own.close()
    await writeFile(file, version(1))
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(own.lines.filter(({ level }) => level === 50)).toEqual([])
    expect(own.lines.map(({ msg }) => msg)).not.toContain('the supergraph was read anew')
  })
})
