import type { Reply } from '../stand-in.ts'

/** The versions whose answers were recorded. */
export type ScoringVersion = '2.22.5' | '3.17.2'

const CONTENT_TYPES: Record<ScoringVersion, readonly string[]> = {
  '2.22.5': ['text/csv', 'application/json'],
  '3.17.2': ['text/csv', 'application/json', 'application/vnd.apache.parquet'],
}

/** Which content types a version reads. */
export function reads(version: ScoringVersion, contentType: string): boolean {
  return CONTENT_TYPES[version].includes(contentType)
}

/** The predictions as Python's `json` writes them, with a space after each colon and comma between members. */
export function predicted(values: readonly unknown[]): Reply {
  const list = values.map((value) => JSON.stringify(value)).join(', ')
  return reply(200, 'application/json', `{"predictions": [${list}]}`)
}

/** `{"error_code", "message"}` 400, to which 3.x adds an SQL state and an error class. */
export function badRequest(version: ScoringVersion, message: string): Reply {
  const problem = { error_code: 'BAD_REQUEST', message }
  const classified = version === '2.22.5' ? {} : { sqlstate: 'KAM00', error_class: 'INVALID_PARAMETER_VALUE' }
  const members = Object.entries({ ...problem, ...classified }).map(
    ([key, value]) => `"${key}": ${JSON.stringify(value)}`,
  )
  return reply(400, 'application/json', `{${members.join(', ')}}`)
}

/** The one error in plain text, 415. */
export function unsupported(version: ScoringVersion, contentType: string): Reply {
  const types = CONTENT_TYPES[version].map((type) => `'${type}'`).join(', ')
  const problem = `This predictor only supports the following content types: Types: [${types}]. Got '${contentType}'.`
  return reply(415, 'text/plain; charset=utf-8', problem)
}

function reply(status: number, contentType: string, body: string): Reply {
  return { status, headers: { 'content-type': contentType }, body }
}
