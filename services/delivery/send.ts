import { createHmac } from 'node:crypto'
import { Agent, type Dispatcher, EnvHttpProxyAgent, request } from 'undici'
import type { Config } from '#lib/config/schema.ts'
import type { Secret } from '#lib/config/secret.ts'
import { isLoopbackHost } from '#lib/loopback.ts'
import { retryAfterSeconds } from '#lib/upstream/retry-after.ts'
import { type Notice, written } from './message.ts'

/** One notification of the configuration. */
export type NotificationRule = Config['notifications'][number]

/** What became of an attempt. `problem` holds nothing of the address, which may be a secret. */
type Sent = { readonly ok: true } | { readonly ok: false; readonly problem: string; readonly retryAfter?: number }

/** Sends messages to the receiver of a rule. */
export interface Sender {
  send(notice: Notice, signal: AbortSignal): Promise<Sent>
  close(): Promise<void>
}

/** Milliseconds for one message. */
const TIME = 10_000

/** A sender for one rule. It may be told any address, also one of this network: who operates the gateway chose it. */
export function createSender({ url, secret, format, headers }: NotificationRule): Sender {
  const address = url.reveal()
  const dispatcher = dispatcherFor(address)
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.reveal()]))
  return {
    async send(notice, signal) {
      const { type, body } = written(notice, format)
      const seconds = String(Math.floor(Date.now() / 1_000))
      const signed = secret && { 'webhook-signature': signatureOf(secret, `${notice.id}.${seconds}.${body}`) }
      try {
        const response = await request(address, {
          ...{ dispatcher, method: 'POST', body, signal: AbortSignal.any([signal, AbortSignal.timeout(TIME)]) },
          headers: {
            ...{ ...own, 'content-type': type, 'webhook-id': notice.id, 'webhook-timestamp': seconds },
            ...signed,
          },
        })
        await response.body.dump({ limit: 65_536, signal: AbortSignal.timeout(1_000) }).catch(() => {})
        return outcomeOf(response)
      } catch (error) {
        return { ok: false, problem: problemOf(error) }
      }
    },
    close: () => dispatcher.destroy(),
  }
}

/** As Standard Webhooks has it. */
function signatureOf(secret: Secret, content: string): string {
  const text = secret.reveal()
  const key = text.startsWith('whsec_') ? Buffer.from(text.slice('whsec_'.length), 'base64') : text
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`
}

function outcomeOf({ statusCode, headers }: Dispatcher.ResponseData): Sent {
  if (statusCode >= 200 && statusCode < 300) return { ok: true }
  const seconds = retryAfterSeconds([headers['retry-after']].flat()[0])
  return { ok: false, problem: `it answered with ${statusCode}`, ...(seconds !== undefined && { retryAfter: seconds }) }
}

function problemOf(error: unknown): string {
  const { name, code } = error as { name?: string; code?: string }
  return name === 'TimeoutError'
    ? `it did not answer within ${TIME / 1_000} s`
    : `it could not be reached (${code ?? name})`
}

function dispatcherFor(address: string): Dispatcher {
  const options = { connectTimeout: 5_000, headersTimeout: TIME, bodyTimeout: TIME }
  return isLoopbackHost(new URL(address).host) ? new Agent(options) : new EnvHttpProxyAgent(options)
}
