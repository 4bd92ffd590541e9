import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as pause } from 'node:timers/promises'
import { Agent, request } from 'undici'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { serve } from './child.ts'
import { registry, repository } from './company.ts'

/** Addresses of the tools: at once, and each answer so many milliseconds later. */
export interface Upstreams {
  readonly mlflow: string
  readonly server: string
}

interface Company {
  readonly models: number
  readonly delayMilliseconds: number
  /** Models that the server serves. Default: as many as servers usually do. */
  readonly served?: number
}

let calls = 0

serve({
  /** Starts the stand-ins of MLflow and MLServer over so many models. */
  async start({ models, delayMilliseconds, served }: Company): Promise<Upstreams> {
    const mlflow = await startMlflow({ version: '3.17.2', data: registry(models) })
    const server = await startOpenInference({ dialect: 'mlserver', models: repository(models, served) })
    return { mlflow: await later(mlflow.url, delayMilliseconds), server: await later(server.url, delayMilliseconds) }
  },
  /** How many requests came since the last time this was asked. */
  calls(): number {
    const sinceLast = calls
    calls = 0
    return sinceLast
  },
})

/** A proxy that counts requests and passes answers on after a while. */
async function later(target: string, milliseconds: number): Promise<string> {
  const agent = new Agent({ connections: 128 })
  const proxy = createServer(async (incoming, outgoing) => {
    calls++
    const { host: _, connection: __, 'content-length': ___, ...headers } = incoming.headers
    const body = await buffer(incoming)
    const options = {
      method: incoming.method ?? 'GET',
      headers,
      body: body.length > 0 ? body : null,
      dispatcher: agent,
    }
    const [answer] = await Promise.all([
      request(`${target}${incoming.url}`, options).then(async (reply) => ({
        status: reply.statusCode,
        type: String(reply.headers['content-type'] ?? 'text/plain'),
        encoding: String(reply.headers['content-encoding'] ?? 'identity'),
        body: Buffer.from(await reply.body.arrayBuffer()),
      })),
      milliseconds > 0 && pause(milliseconds),
    ])
    outgoing.writeHead(answer.status, {
      ...{ 'content-type': answer.type, 'content-length': answer.body.length },
      'content-encoding': answer.encoding,
    })
    outgoing.end(answer.body)
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
}
