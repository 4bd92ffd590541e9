import { type ChildProcess, spawn } from 'node:child_process'
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'

/** A started server process with everything it started itself. */
export type ServerProcess = {
  /** What it printed last, at most 4,000 characters. */
  output(): string
  /** How it ended: "SIGSEGV", "exit code 1"; undefined while it runs. */
  ended(): string | undefined
  /** Ends the whole process group (asked first, after 5 s by force) and removes its folder. Safe to call twice. */
  stop(): Promise<void>
}

export type ProcessOptions = {
  /** For messages: "MLServer 1.7.1". */
  name: string
  command: string
  args: string[]
  /** The server's own folder, removed when it has stopped. */
  cwd: string
  /** Whom it runs as. Default: whoever runs this. */
  uid?: number
  gid?: number
  /** Added to a bare environment: nothing else of this process's environment reaches a server. */
  env: Record<string, string>
  /** True once the server answers as it should; a rejection counts as "not yet". */
  ready(): Promise<boolean>
  /** How long starting may take, in milliseconds. */
  timeoutMs: number
}

const inherited = ['HOME', 'LANG', 'TMPDIR']

/** Folders of the running servers by process group. */
const running = new Map<number, string>()

// A run that ends without its teardown must not leave servers and their folders behind.
process.on('exit', () => {
  for (const [pid, folder] of running) {
    signalGroup(pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
})

/** Starts a server and waits until it is ready. Throws, with the end of its output, when it dies first or takes too long. */
export async function startProcess(options: ProcessOptions): Promise<ServerProcess> {
  const env = Object.fromEntries(inherited.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : [])))
  // Its own group: MLflow and Triton start further processes, which a signal to the first one alone would leave behind.
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    ...(options.uid !== undefined && { uid: options.uid, gid: options.gid }),
    env: { ...env, PYTHONUNBUFFERED: '1', ...options.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const server = { output: tail(child), ended: watchEnd(child), stop: () => stopAndClean(child, options.cwd) }
  if (child.pid) running.set(child.pid, options.cwd)
  const problem = await untilReady(server, options)
  if (!problem) return server
  await server.stop()
  throw new Error(`${options.name} ${problem}. It said:\n${server.output()}`)
}

/** Undefined when ready, else what went wrong. */
async function untilReady(server: ServerProcess, { ready, timeoutMs }: ProcessOptions): Promise<string | undefined> {
  const deadline = Date.now() + timeoutMs
  const early = () => server.ended() && `ended before it was ready (${server.ended()})`
  while (Date.now() < deadline) {
    if (early()) return early()
    if (await ready().catch(() => false)) return early()
    await delay(100)
  }
  return `was not ready after ${timeoutMs / 1000} s`
}

function watchEnd(child: ChildProcess): () => string | undefined {
  let end: string | undefined
  child.once('error', (error) => {
    end = error.message
  })
  child.once('exit', (code, signal) => {
    end ??= signal ?? `exit code ${code}`
  })
  return () => end
}

async function stopAndClean(child: ChildProcess, folder: string): Promise<void> {
  await stopGroup(child)
  await rm(folder, { recursive: true, force: true })
}

/** The leader may end before the processes it started, so the group is watched, not the leader. */
async function stopGroup({ pid }: ChildProcess): Promise<void> {
  if (!pid || !running.has(pid)) return
  signalGroup(pid, 'SIGTERM')
  const deadline = Date.now() + 5_000
  while (signalGroup(pid, 0) && Date.now() < deadline) await delay(50)
  signalGroup(pid, 'SIGKILL')
  running.delete(pid)
}

/** False when no process of the group is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

function tail(child: ChildProcess): () => string {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-4_000)
    })
  }
  return () => text.trim()
}
