import { mkdtemp } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { startProcess } from './process.ts'
import { pythonEnvironment } from './python-env.ts'

/** A running Redis. */
export type RealRedis = {
  /** With its password. */
  url: string
  /** Makes it answer nobody for so many seconds. Settles when it no longer does. */
  hang(seconds: number): Promise<void>
  /** Ends it; safe to call twice. */
  stop(): Promise<void>
}

const version = '6.2.14'
const password = 'pa55word'

/** Starts a real Redis, empty, behind a password, on a port of its choice or the given one. Throws when it does not answer within 10 s. */
export async function startRealRedis(given?: number): Promise<RealRedis> {
  const { bin } = await pythonEnvironment(`redis-${version}`)
  const [port = 0] = given === undefined ? await freePorts(1) : [given]
  const { stop } = await startProcess({
    name: `Redis ${version}`,
    command: join(bin, 'redis-server'),
    args: ['--port', String(port), '--bind', '127.0.0.1', '--requirepass', password, '--save', ''],
    cwd: await mkdtemp(join(tmpdir(), 'redis-')),
    env: {},
    ready: async () => (await ask(port, 'PING')) !== '',
    timeoutMs: 10_000,
  })
  const hang = async (seconds: number) => {
    void ask(port, `AUTH ${password}\r\nDEBUG SLEEP ${seconds}`)
    while ((await ask(port, 'PING')) !== '');
  }
  return { url: `redis://:${password}@127.0.0.1:${port}`, hang, stop }
}

/** What it says first to a command; nothing where it does not answer within 100 ms. */
function ask(port: number, command: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = createConnection({ port, host: '127.0.0.1' })
  socket.setTimeout(100, () => socket.destroy())
  socket.once('data', (chunk) => {
    resolve(String(chunk))
    socket.destroy()
  })
  socket.once('error', () => socket.destroy())
  socket.once('close', () => resolve(''))
  socket.write(`${command}\r\n`)
  return promise
}
