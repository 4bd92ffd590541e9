import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { verifyChain } from '#lib/state/verify.ts'
import { places, type StatePlace } from './places.ts'

type Acknowledged = readonly (readonly [sequence: number, hash: string])[]
interface Writer {
  readonly process: ChildProcessByStdio<null, Readable, Readable>
  readonly acknowledged: [number, string][]
  readonly ended: Promise<{ code: number | null; said: string }>
}

describe.each(places)('processes that write to one state in %s', (_, createPlace) => {
  let place: StatePlace
  beforeEach(async () => {
    place = await createPlace()
  })
  afterEach(() => place.close())

  function startWriter(name: string, times = 0): Writer {
    const args = [join(import.meta.dirname, 'writer.ts'), JSON.stringify(place.configured), name, String(times)]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const acknowledged: [number, string][] = []
    const lines = createInterface({ input: child.stdout })
    // A line that was cut off by the kill was not acknowledged to anybody.
    lines.on('line', (line) =>
      acknowledged.push(...((line.endsWith(']]') ? JSON.parse(line) : []) as [number, string][])),
    )
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const ended = Promise.all([once(child, 'exit'), once(lines, 'close')]).then(([[code]]) => ({ code, said }))
    return { process: child, acknowledged, ended }
  }

  async function checkAll(acknowledged: Acknowledged): Promise<number> {
    const state = place.open()
    const found = await verifyChain(await state.open(), { keys: [] })
    expect(found.broken).toBeNull()
    const hashes = new Map<number, string>()
    for await (const { sequence, hash } of state.walk({})) hashes.set(sequence, hash)
    const lost = acknowledged.filter(([sequence, hash]) => hashes.get(sequence) !== hash)
    expect(lost).toEqual([])
    await state.close()
    return found.entries
  }

  test('three that start at once, on nothing, make the tables once and keep one chain', async () => {
    const writers = ['a', 'b', 'c'].map((name) => startWriter(name, 40))
    expect(await Promise.all(writers.map(({ ended }) => ended))).toEqual(writers.map(() => ({ code: 0, said: '' })))
    const acknowledged = writers.flatMap((writer) => writer.acknowledged)
    expect(await checkAll(acknowledged)).toBe(3 * 120)
    expect(new Set(acknowledged.map(([sequence]) => sequence)).size).toBe(360)
  })

  test('kill -9 while they write loses nothing acknowledged, and the chain is whole', async () => {
    let acknowledged: [number, string][] = []
    for (let round = 0; round < 4; round += 1) {
      const writers = [startWriter(`a-${round}`), startWriter(`b-${round}`)]
      const enough = () => writers.every((writer) => writer.acknowledged.length >= 20)
      while (!enough() && writers.every((writer) => writer.process.exitCode === null)) await delay(5)
      // At a moment of its own in each round.
      await delay(round * 7)
      for (const writer of writers) writer.process.kill('SIGKILL')
      for (const { said } of await Promise.all(writers.map(({ ended }) => ended))) expect(said).toBe('')
      expect(enough()).toBe(true)
      acknowledged = [...acknowledged, ...writers.flatMap((writer) => writer.acknowledged)]
      expect(await checkAll(acknowledged)).toBeGreaterThanOrEqual(acknowledged.length)
    }
  })
})
