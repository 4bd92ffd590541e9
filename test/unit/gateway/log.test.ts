import { expect, it } from 'vitest'
import { createLog } from '#lib/log.ts'

it('keeps credentials out of the log, however they came into a line', () => {
  const lines: string[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(line) })
  const headers = { authorization: 'Bearer hidden', cookie: 'hidden', 'set-cookie': 'hidden', accept: 'shown' }
  log.info(headers)
  log.info({ headers })
  log.info({ request: { headers } })
  expect(lines).toHaveLength(3)
  expect(lines.join()).not.toContain('hidden')
  expect(lines.join().match(/shown/g)).toHaveLength(3)
})
