import type { Incomplete } from '#lib/common.generated.ts'

/** The monitor itself warned that a part of its data could not be read. */
export function partlyTold(source: string): Incomplete {
  const message = `${source} warns that a part of its data could not be read, so that this may be too little: see its own page.`
  return { source, reason: 'TRUNCATED', message, count: null }
}
