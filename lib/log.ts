import { type DestinationStream, type LevelWithSilentOrString, type Logger, pino } from 'pino'

/** What must never be in a log, wherever in a line it would be. */
const secrets = ['authorization', 'cookie', '["set-cookie"]'].flatMap((key) => [key, nested(key, 1), nested(key, 2)])

/** A logger that writes one JSON object a line, to stdout by default, with credentials taken out. */
export function createLog(level: LevelWithSilentOrString = 'info', destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: secrets } }
  return destination ? pino(options, destination) : pino(options)
}

function nested(key: string, levels: number): string {
  return `${Array(levels).fill('*').join('.')}${key.startsWith('[') ? '' : '.'}${key}`
}
