import { type Logger, pino } from 'pino'
import { createLog } from '#lib/log.ts'

/** The log of a command: on stderr, beside what it prints; a person at a terminal is shown what is wrong only. */
export function commandLog(): Logger {
  return createLog(process.env.LOG_LEVEL || (process.stderr.isTTY ? 'warn' : 'info'), pino.destination(2))
}
