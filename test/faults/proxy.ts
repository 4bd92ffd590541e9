import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { request } from 'undici'
import { type Fault, type Healthy, play, type Sent } from './fault.ts'

/** A request that arrived. */
interface Call extends Sent {
  readonly method: string
  /** As sent, with the query. */
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export interface FaultServer {
  /** Without a slash at the end; the same for life. */
  readonly url: string
  /** Every request so far, in order of arrival. */
  readonly calls: Call[]
  /** Requests that are under way: neither answered whole nor left by who sent them. */
  underWay(): number
  /** Most requests that were under way at a time. */
  busiest(): number
  /** Fails from now on, or for so many requests. */
  fault(fault: Fault, options?: { times?: number }): Promise<void>
  /** Answers as if nothing had been. */
  heal(): Promise<void>
  /** Ends open connections too. */
  close(): Promise<void>
}

export interface FaultServerOptions {
  /** What a healthy server answers. Default: `{"ok":true}`. */
  answer?: (call: Call) => { status?: number; headers?: Record<string, string>; body?: string | Buffer }
  /** Instead of `answer`: the address that requests are forwarded to, without a slash at the end. */
  target?: string
  /** Default: 127.0.0.1. */
  host?: string
  /** PEM: speaks https. */
  tls?: { key: string; cert: string }
}

/** A server, or a proxy in front of one, on this machine, that fails in the way it is told to. */
export async function startFaultServer(options: FaultServerOptions = {}): Promise<FaultServer> {
  const { host = '127.0.0.1', tls } = options
  const calls: Call[] = []
  let [current, left]: [Fault | undefined, number] = [undefined, 0]
  let [underWay, busiest] = [0, 0]

  const listener: RequestListener = async (incoming, outgoing) => {
    underWay++
    busiest = Math.max(busiest, underWay)
    outgoing.once('close', () => underWay--)
    const { method = '', url: path = '', headers } = incoming
    const call = { method, path, headers, body: (await buffer(incoming)).toString(), sent: 0 }
    calls.push(call)
    const fault = left > 0 ? current : undefined
    left--
    // A target that does not answer looks the same from outside as a server that breaks.
    await play(fault, incoming, outgoing, () => healthy(options, call), call).catch(() => incoming.socket.destroy())
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)

  const listen = async (port: number) => {
    server.listen(port, host)
    await once(server, 'listening') // rejects on 'error', and leaves no listener behind
  }
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })

  await listen(0)
  const { port } = server.address() as AddressInfo
  const set = async (fault: Fault | undefined, times: number) => {
    ;[current, left] = [fault, times]
    const open = fault?.kind !== 'refuse'
    if (server.listening && !open) await stop()
    if (!server.listening && open) await listen(port)
  }

  return {
    url: `http${tls ? 's' : ''}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    calls,
    underWay: () => underWay,
    busiest: () => busiest,
    fault: (fault, { times = Number.POSITIVE_INFINITY } = {}) => set(fault, times),
    heal: () => set(undefined, 0),
    close: async () => {
      if (server.listening) await stop()
    },
  }
}

async function healthy({ answer, target }: FaultServerOptions, call: Call): Promise<Healthy> {
  if (target !== undefined) return forward(target, call)
  const { status = 200, headers, body = '{"ok":true}' } = answer?.(call) ?? {}
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(body) }
}

/** Asks the target the same. Of its answer, what concerns the connection is left to this server. */
async function forward(target: string, { method, path, headers, body }: Call): Promise<Healthy> {
  const { host: _, connection: __, 'content-length': ___, ...rest } = headers
  const answer = await request(target + path, {
    method: method as 'GET' | 'POST',
    headers: rest,
    body: body === '' ? null : body,
  })
  const kept = Object.entries(answer.headers).filter(
    ([name]) => !/^(connection|keep-alive|transfer-encoding)$/.test(name),
  )
  return {
    status: answer.statusCode,
    headers: Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
    body: Buffer.from(await answer.body.arrayBuffer()),
  }
}
