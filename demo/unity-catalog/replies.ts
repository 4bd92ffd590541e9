import type { Reply } from '../stand-in.ts'

export function json(value: object, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

export function plain(status: number, body: string): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body }
}

/** An error as the API tells it, thrown by whatever finds it. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }

  reply(): Reply {
    const details = [{ reason: this.code, '@type': 'google.rpc.ErrorInfo' }]
    return json({ error_code: this.code, details, message: this.message }, this.status)
  }
}

export const invalid = (message: string) => new Refusal(400, 'INVALID_ARGUMENT', message)
export const absent = (what: string, name: string) => {
  return new Refusal(404, `${what.toUpperCase()}_NOT_FOUND`, `${what} not found: ${name}`)
}
