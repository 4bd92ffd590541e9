import { generateKeyPairSync } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { removeOld } from '#lib/state/retention.ts'
import type { OpenableState } from '#lib/state/state.ts'
import { type Anchor, verifyChain } from '#lib/state/verify.ts'
import { observed } from './observed.ts'
import { places, type StatePlace } from './places.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const entries = 'modelops_entries'

describe.each(places)('the chain in %s', (_, createPlace) => {
  let place: StatePlace
  let state: OpenableState
  beforeEach(async () => {
    place = await createPlace()
    state = place.open()
    await state.append(Array.from({ length: 12 }, (_, n) => observed(n)))
  })
  afterEach(async () => {
    await state.close()
    await place.close()
  })

  const verify = async (anchor?: Anchor) =>
    verifyChain(await state.open(), { keys: [publicKey], ...(anchor && { anchor }) })
  const brokenAfter = async (...sql: string[]) => {
    for (const one of sql) await place.tamper(one)
    return (await verify()).broken
  }

  test('is whole as it was written, while others go on writing', async () => {
    const writing = Promise.all(Array.from({ length: 30 }, (_, n) => state.append([observed(100 + n)])))
    expect((await verify()).broken).toBeNull()
    await writing
    const head = await state.head()
    expect(await verify()).toEqual({ entries: 42, tombstones: 0, head, broken: null })
  })

  test.each([
    ['content', `content = '{"n":99}'`],
    ['content that is no JSON', "content = '{'"],
    ['actor', "actor = 'somebody-else'"],
    ['time', 'at = at - 1'],
    ['subject', 'subject = null'],
    ['end', 'expires_at = 1'],
    ['hash', `hash = 'ffff'`],
  ])('names the entry whose %s was changed', async (_what, set) => {
    const broken = await brokenAfter(`update ${entries} set ${set} where sequence = 5`)
    expect(broken).toMatchObject({ sequence: 5, problem: 'CHANGED', message: expect.stringContaining('Entry 5') })
  })

  test('names the place of a removed entry', async () => {
    expect(await brokenAfter(`delete from ${entries} where sequence = 7`)).toMatchObject({
      sequence: 7,
      id: null,
      problem: 'REMOVED',
    })
  })

  test('names the first of reordered entries', async () => {
    const broken = await brokenAfter(
      `update ${entries} set sequence = -1 where sequence = 4`,
      `update ${entries} set sequence = 4 where sequence = 9`,
      `update ${entries} set sequence = 9 where sequence = -1`,
    )
    expect(broken).toMatchObject({ sequence: 4, problem: 'REORDERED' })
  })

  test('finds an entry that was removed with those behind it moved up', async () => {
    const broken = await brokenAfter(
      `delete from ${entries} where sequence = 12`,
      `update ${entries} set sequence = 12 where sequence = 11`,
      `delete from ${entries} where sequence = 10`,
      `update ${entries} set sequence = 10 where sequence = 12`,
    )
    expect(broken).toMatchObject({ sequence: 10, problem: 'REORDERED' })
  })

  test('finds a cut end by the head row, and with the head row changed only by an anchor', async () => {
    const head = await state.head()
    const anchor = { ...head, time: '2026-11-24T00:00:00Z' }
    expect((await verify(anchor)).broken).toBeNull()
    expect(await brokenAfter(`delete from ${entries} where sequence > 10`)).toMatchObject({
      sequence: 11,
      problem: 'TRUNCATED',
      message: 'The log ends at entry 10, and the head of the state names entry 12: what came last is not there.',
    })
    await place.tamper(
      `update modelops_head set sequence = 10, hash = (select hash from ${entries} where sequence = 10)`,
    )
    expect((await verify()).broken).toBeNull()
    expect((await verify(anchor)).broken).toMatchObject({ sequence: 11, problem: 'TRUNCATED' })

    // Somebody writes on over the cut: the chain is whole in itself, and not the one that was anchored.
    await state.append(Array.from({ length: 5 }, (_, n) => observed(50 + n)))
    expect((await verify()).broken).toBeNull()
    expect((await verify(anchor)).broken).toMatchObject({ sequence: 12, problem: 'NOT_ANCHORED' })
  })

  test('finds what stands behind the head', async () => {
    expect(
      await brokenAfter(
        `update modelops_head set sequence = 10, hash = (select hash from ${entries} where sequence = 10)`,
      ),
    ).toMatchObject({ sequence: 11, problem: 'BEHIND_HEAD' })
  })

  test('retention leaves tombstones that verify accepts, of the right key only, and no trace of what was said', async () => {
    const day = 24 * 60 * 60 * 1_000
    const [waiver, holds, revoked] = await state.append([
      {
        kind: 'waiver',
        subject: 'Model:a:1',
        actor: 'ann',
        content: { reason: 'over' },
        expiresAt: new Date(Date.now() - 40 * day),
      },
      { kind: 'waiver', subject: 'Model:a:1', actor: 'ann', content: {}, expiresAt: new Date(Date.now() + day) },
      { kind: 'waiver', subject: 'Model:a:1', actor: 'ann', content: {}, expiresAt: new Date(Date.now() + day) },
    ])
    const [revocation] = await state.append([
      { kind: 'waiver-revoked', actor: 'bob', content: {}, refersTo: revoked?.id as string },
    ])
    // Whatever has no end and is not configured stays.
    const soon = new Date(Date.now() + 5 * day)
    expect(await removeOld(state, { waiver: 30, gate: 1 }, privateKey, soon)).toBe(1)
    expect(await removeOld(state, { waiver: 30, observation: 3 }, privateKey, soon)).toBe(12)
    // The revoked one and its revocation, and the one that has ended by then.
    const later = new Date(Date.now() + 33 * day)
    expect(await removeOld(state, { waiver: 30 }, privateKey, later)).toBe(3)
    expect(await removeOld(state, { waiver: 30 }, privateKey, later)).toBe(0)

    const found = await verify()
    expect(found).toMatchObject({ entries: 16, tombstones: 16, broken: null })
    const { entries: left } = await state.read(
      { ids: [waiver, holds, revoked, revocation].map((one) => one?.id as string) },
      { first: 9 },
    )
    expect(left.map(({ kind, hash }) => ({ kind, hash }))).toEqual(
      [waiver, holds, revoked, revocation].map((one) => ({ kind: 'tombstone', hash: one?.hash })),
    )
    expect(JSON.stringify(left)).not.toMatch(/ann|bob|over|Model/)

    const other = generateKeyPairSync('ed25519').publicKey
    expect((await verifyChain(await state.open(), { keys: [other] })).broken).toMatchObject({
      problem: 'BAD_TOMBSTONE',
      sequence: 1,
    })
    // A tombstone cannot be put on another's place, nor be made by hand.
    const broken = await brokenAfter(
      `update ${entries} set content = (select content from ${entries} where sequence = 3) where sequence = 4`,
    )
    expect(broken).toMatchObject({
      problem: 'BAD_TOMBSTONE',
      sequence: 4,
      message: expect.stringContaining('wrong signature'),
    })
  })

  test('a forgotten name leaves the chain as it is', async () => {
    await state.people.remember('ann', 'Ann Example')
    const head = await state.head()
    await state.people.forget('ann')
    expect(await state.head()).toEqual(head)
    expect((await verify()).broken).toBeNull()
  })
})
