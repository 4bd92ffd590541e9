import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a server fails. What is distorted is the healthy answer. */
export type Fault =
  /** No listener on the port. */
  | { kind: 'refuse' }
  /** Half an answer, then a reset of the connection. */
  | { kind: 'reset' }
  /** Takes the request and says nothing. */
  | { kind: 'hang' }
  /** The answer byte by byte; default: one a second. */
  | { kind: 'drip'; everyMilliseconds?: number }
  /** Half of the body, as if that were all. */
  | { kind: 'truncate' }
  /** Announces so many bytes more (or, below 0, fewer) than it sends. */
  | { kind: 'wrong-length'; by: number }
  /** Any answer instead of the healthy one; it counts as complete. */
  | { kind: 'answer'; status?: number; headers?: Record<string, string>; body?: string | Buffer }
  /** A web page to log in at, with status 200. */
  | { kind: 'login-page' }
  /** A JSON string of so many bytes, made while it is sent. */
  | { kind: 'huge'; bytes: number }

/** What the server would have answered. */
export interface Healthy {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** Bytes of the answer that were handed to the connection. */
export interface Sent {
  sent: number
}

/** Answers a request as the fault has it; without a fault, as it is. The healthy answer is made only where it is needed. */
export async function play(
  fault: Fault | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  healthy: () => Promise<Healthy>,
  call: Sent,
): Promise<void> {
  switch (fault?.kind) {
    case 'refuse':
    case 'hang':
      return
    case 'answer':
      response.writeHead(fault.status ?? 200, fault.headers).end(fault.body)
      return
    case 'login-page':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Log in</title><form></form>')
      return
    case 'huge':
      response.writeHead(200, { 'content-type': 'application/json' })
      Readable.from(letters(fault.bytes, call)).pipe(response)
      return
    default:
      await distort(fault, request, response, await healthy())
  }
}

async function distort(
  fault: Extract<Fault, { kind: 'reset' | 'truncate' | 'drip' | 'wrong-length' }> | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Healthy,
): Promise<void> {
  const half = body.subarray(0, Math.floor(body.length / 2))
  const begin = (length: number) => response.writeHead(status, { ...headers, 'content-length': length })
  switch (fault?.kind) {
    case undefined:
      begin(body.length).end(body)
      return
    case 'reset':
      begin(body.length).write(half, () => request.socket.resetAndDestroy())
      return
    case 'truncate':
      begin(half.length).end(half)
      return
    case 'wrong-length':
      begin(body.length + fault.by).flushHeaders()
      // Past Node's response, which would refuse to send more or less than was announced.
      request.socket.end(body)
      return
    case 'drip':
      begin(body.length)
      for (const byte of body) {
        if (response.destroyed) return
        await sleep(fault.everyMilliseconds ?? 1_000)
        response.write(Buffer.of(byte))
      }
      response.end()
  }
}

function* letters(bytes: number, call: Sent): Generator<Buffer> {
  const chunk = Buffer.alloc(65_536, 'a')
  yield Buffer.from('"')
  while (call.sent < bytes) {
    yield chunk
    call.sent += chunk.length
  }
  yield Buffer.from('"')
}
