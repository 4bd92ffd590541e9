import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { places } from './places.ts'

/** Megabytes of heap: all entries as objects would take more, and the process would end. */
const HEAP = 96

test.each(places)(
  '100,000 entries in %s: all that walks over them does so within a small heap',
  async (_, createPlace) => {
    const place = await createPlace()
    const args = [
      `--max-old-space-size=${HEAP}`,
      join(import.meta.dirname, 'many.ts'),
      JSON.stringify(place.configured),
    ]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    expect(JSON.parse(stdout)).toEqual({
      ...{ entries: 100_000, tombstones: 1_000, broken: null, removed: 1_000 },
      ...{ walked: 99_000, paged: 100_000, lines: 100_002, ofOne: 200 },
      rssMegabytes: expect.any(Number),
    })
    await place.close()
  },
  120_000,
)
