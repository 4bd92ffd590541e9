import { z } from 'zod'
import type { State } from '#lib/state/port.ts'
import { lookedAgain, type Span } from './spans.ts'

/** When what was looked at: spans by area, such as `champion:<source>`. */
export type Looks = Readonly<Record<string, readonly Span[]>>

/** Areas: what one tool shows of one kind of thing, or all servers together. */
export const areas = {
  champion: (source: string) => `champion:${source}`,
  state: (source: string) => `state:${source}`,
  served: 'served',
  health: 'health',
}

const MARK = 'delivery.looks'

const looks = z.record(z.string(), z.array(z.tuple([z.number(), z.number()])))

/** Looks that any instance made. Outside the chain: they are no change, and there are many. */
export async function readLooks(state: State): Promise<Looks> {
  return looks.safeParse(await state.readMark(MARK)).data ?? {}
}

/** Takes note of looks, each at its moment in milliseconds since 1970. More than `gap` after the last one, nobody watched between. */
export async function noteLooks(state: State, made: ReadonlyMap<string, number>, gap: number): Promise<void> {
  const known = await readLooks(state)
  const next = Object.fromEntries([...made].map(([area, at]) => [area, lookedAgain(known[area] ?? [], at, gap)]))
  await state.writeMark(MARK, { ...known, ...next })
}

/** The last look at an area. undefined: there was none. */
export const lastLook = (known: Looks, area: string): number | undefined => known[area]?.at(-1)?.[1]
