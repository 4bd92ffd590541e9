import { generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { removeOld } from '#lib/state/retention.ts'
import type { OpenableState } from '#lib/state/state.ts'
import { exportLines, importLines } from '#lib/state/transfer.ts'
import { verifyChain } from '#lib/state/verify.ts'
import { observed } from './observed.ts'
import { places } from './places.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const ways = places.flatMap(([from, createFrom]) =>
  places.map(([to, createTo]) => [from, to, createFrom, createTo] as const),
)

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function fresh(createPlace: (typeof places)[number][1]): Promise<OpenableState> {
  const place = await createPlace()
  const state = place.open()
  closing.push(place.close, state.close)
  return state
}

async function filled(createPlace: (typeof places)[number][1]): Promise<OpenableState> {
  const state = await fresh(createPlace)
  await state.append(Array.from({ length: 1_203 }, (_, n) => observed(n)))
  const at = new Date('2020-02-29T23:59:59.999Z')
  await state.append([
    { kind: 'waiver', subject: 'Model:a:ü', actor: 'ann', content: { why: '"\n\u2028' }, at, expiresAt: at },
    { ...observed(7_000), kind: 'gate', fingerprint: 'f' },
  ])
  expect(await removeOld(state, { waiver: 1 }, privateKey)).toBe(1)
  await state.people.remember('ann', 'Ann "A" Example')
  await state.writeMark('outbox', { sequence: 12 })
  return state
}

const linesOf = async (state: OpenableState) => Array.fromAsync(exportLines(await state.open()))

async function* each(lines: readonly string[]): AsyncGenerator<string> {
  for (const line of lines) yield line.trimEnd()
}

describe.each(ways)('from %s to %s', (_from, _to, createFrom, createTo) => {
  test('all is there, with its hashes, and goes on', async () => {
    const [source, target] = [await filled(createFrom), await fresh(createTo)]
    const lines = await linesOf(source)
    expect(await importLines(await target.open(), each(lines), [publicKey])).toBe(1_205)
    expect(await target.head()).toEqual(await source.head())
    expect(await target.people.names(['ann'])).toEqual(new Map([['ann', 'Ann "A" Example']]))
    expect(await target.readMark('outbox')).toEqual({ sequence: 12 })
    expect(await linesOf(target)).toEqual(lines)
    const [again] = await target.append([observed(3)])
    expect(again?.sequence).toBe(4)
    await target.append([observed(9_000)])
    expect(await verifyChain(await target.open(), { keys: [publicKey] })).toMatchObject({
      ...{ entries: 1_206, tombstones: 1, broken: null },
    })
  })
})

describe.each(places)('an import into %s', (_, createPlace) => {
  const changed = (line: string) => line.replace('service:observer', 'service:other')
  test.each([
    ['a changed entry', (lines: string[]) => lines.with(20, changed(lines[20] as string)), 'Entry 20 '],
    ['an entry left out', (lines: string[]) => lines.toSpliced(1_000, 1), 'Entry 1000 is not there'],
    ['no end', (lines: string[]) => lines.slice(0, -1), 'it was cut off'],
    [
      'the last entry left out',
      (lines: string[]) => lines.filter((line) => !line.includes('"sequence":1205,"id"')),
      'ends at entry 1204',
    ],
    ['something else', (lines: string[]) => lines.with(3, '{"hello":1}'), 'Line 4 is no line of an export'],
    ['no head line', (lines: string[]) => lines.slice(1), 'Line 1 stands in the wrong place'],
  ])('is refused as a whole with %s', async (_what, spoil, message) => {
    const [source, target] = [await filled(createPlace), await fresh(createPlace)]
    const lines = spoil(await linesOf(source))
    await expect(importLines(await target.open(), each(lines), [publicKey])).rejects.toThrow(message)
    expect(await target.head()).toEqual({ sequence: 0, hash: null })
    expect(await target.count({})).toBe(0)
    expect(await target.people.names(['ann'])).toEqual(new Map())
  })

  test('is refused where something is kept already, and with the tombstones of a key that is not known', async () => {
    const [source, target] = [await filled(createPlace), await fresh(createPlace)]
    const lines = await linesOf(source)
    await expect(importLines(await target.open(), each(lines), [])).rejects.toThrow('a key that is not known here')
    await target.append([observed(1)])
    await expect(importLines(await target.open(), each(lines), [publicKey])).rejects.toThrow(
      'The state has 1 entries already',
    )
    expect(await target.count({})).toBe(1)
  })
})
