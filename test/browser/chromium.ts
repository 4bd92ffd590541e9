import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

/** A message of the Chrome DevTools Protocol: an answer has an id, an event a method. */
interface Message {
  id?: number
  method?: string
  params?: Record<string, unknown>
  result?: Record<string, unknown>
  error?: { message: string }
}

/** One page of a browser that this process has started. */
export interface Page {
  /** Sends a command of the Chrome DevTools Protocol; fails with the browser's own words. */
  send(method: string, params?: object): Promise<Record<string, unknown>>
  /** Calls the listener with the parameters of every event of that name. */
  on(method: string, listener: (params: Record<string, unknown>) => void): void
  /** Ends the browser and removes its profile. */
  close(): Promise<void>
}

const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--remote-debugging-pipe',
  '--window-size=1440,900',
]

/** Starts Chromium with a fresh profile and opens an empty page. It speaks over a pipe, so no port is opened. */
export async function openPage(executable: string): Promise<Page> {
  const profile = await mkdtemp(join(tmpdir(), 'modelops-browser-'))
  const browser = spawn(executable, [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const exited = once(browser, 'exit')
  await once(browser, 'spawn')
  const [, , , input, output] = browser.stdio as unknown as [null, null, null, Writable, Readable]
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>()
  const listeners = new Map<string, ((params: Record<string, unknown>) => void)[]>()
  let lastId = 0
  let rest = ''
  let sessionId: unknown

  function receive({ id, method, params = {}, result = {}, error }: Message) {
    if (id === undefined) {
      for (const listener of listeners.get(method ?? '') ?? []) listener(params)
      return
    }
    if (error) waiting.get(id)?.reject(new Error(error.message))
    else waiting.get(id)?.resolve(result)
    waiting.delete(id)
  }
  output.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() ?? ''
    for (const message of messages) receive(JSON.parse(message))
  })
  output.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('The browser has ended.'))
  })

  function send(method: string, params: object = {}) {
    const answer = Promise.withResolvers<Record<string, unknown>>()
    waiting.set(++lastId, answer)
    input.write(`${JSON.stringify({ id: lastId, method, params, sessionId })}\0`)
    return answer.promise
  }

  const { targetId } = await send('Target.createTarget', { url: 'about:blank' })
  ;({ sessionId } = await send('Target.attachToTarget', { targetId, flatten: true }))
  return {
    send,
    on: (method, listener) => void listeners.set(method, [...(listeners.get(method) ?? []), listener]),
    async close() {
      browser.kill()
      await exited
      await rm(profile, { recursive: true, force: true })
    },
  }
}
