import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface StandInRequest {
  method: string
  /** Exactly as sent, query and percent escapes included. */
  path: string
  headers: IncomingHttpHeaders
  body: string
}

export interface Reply {
  status: number
  headers?: Readonly<Record<string, string>>
  body?: string | Buffer
}

export type Handler = (request: StandInRequest) => Reply

interface Call {
  method: string
  path: string
}

export interface StandIn {
  /** Without a slash at the end. */
  url: string
  /** Every request so far, in order of arrival. */
  calls: readonly Call[]
  /** Ends open connections too. */
  close(): Promise<void>
}

export interface ListenOptions {
  /** 0, the default, takes any free port. */
  port?: number
  host?: string
}

/** Bytes of request line and headers. Node's own limit is lower than that of the servers stood in for. */
const maxHeaderSize = 256 * 1024

/**
 * Serves `handler` over HTTP/1.1. `node:http` and no framework, because the servers that are stood in for differ in what
 * they do with raw paths, percent escapes and content types, which frameworks decide themselves.
 */
export async function listen(handler: Handler, { port = 0, host = '127.0.0.1' }: ListenOptions): Promise<StandIn> {
  const calls: Call[] = []
  const server = createServer({ maxHeaderSize }, async (incoming, outgoing) => {
    const { method = '', url = '' } = incoming
    calls.push({ method, path: url })
    try {
      send(outgoing, handler({ method, path: url, headers: incoming.headers, body: await text(incoming) }))
    } catch (error) {
      // A fault of the stand-in must not pass for an answer of the real server.
      send(outgoing, { status: 599, body: `The stand-in broke on ${method} ${url}: ${error}` })
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  return {
    url: `http://${host}:${address.port}`,
    calls,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()))
        server.closeAllConnections()
      }),
  }
}

function send(outgoing: ServerResponse, { status, headers = {}, body = '' }: Reply): void {
  // Neither uvicorn nor Triton says that it keeps the connection.
  outgoing.removeHeader('connection')
  outgoing.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) })
  outgoing.end(body)
}
