import { instruments } from './instruments.ts'

const measures = instruments((meter) => ({
  loads: meter.createCounter('modelops.index.loads', {
    description: 'Readings of what is held of a source, by how they ended: ok, or the reason of the failure.',
  }),
  cache: meter.createCounter('modelops.cache.requests', {
    description:
      'Questions to a cache: a hit is answered from it, a stale one too while it is read anew, a miss is not. records: by key, in this process; shared: pages, with other instances.',
  }),
}))

/** Counts a reading of an index. `outcome`: `ok`, or the reason of a failure. */
export function countLoad(source: string, index: string, outcome: string): void {
  measures().loads.add(1, { source, index, outcome })
}

/** Counts questions to a cache. */
export function countCached(
  cache: 'records' | 'shared',
  source: string,
  outcome: 'hit' | 'stale' | 'miss',
  times = 1,
): void {
  if (times > 0) measures().cache.add(times, { cache, source, outcome })
}
