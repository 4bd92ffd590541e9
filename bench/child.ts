import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

type Methods = Readonly<Record<string, (argument: never) => unknown>>

type Request = { id: number; method: string; argument: unknown }
type Reply = { id: number; value?: unknown; error?: string }

/** A process of its own, so that what it costs is only its. */
export interface Child {
  call<T>(method: string, argument?: unknown): Promise<T>
  stop(): Promise<void>
}

/** Starts a file of this folder that calls `serve`; `flags` are Node's own. */
export async function spawn(file: string, flags: readonly string[] = []): Promise<Child> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), {
    execArgv: [...flags],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const ready = Promise.withResolvers<unknown>()
  waiting.set(0, ready)
  child.on('message', ({ id, value, error }: Reply) => {
    const one = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) one?.resolve(value)
    else one?.reject(new Error(`${file}: ${error}`))
  })
  child.once('exit', (code) => {
    for (const one of waiting.values()) one.reject(new Error(`${file} ended with ${code}`))
  })
  await ready.promise
  let last = 0
  return {
    async call<T>(method: string, argument?: unknown) {
      const one = Promise.withResolvers<unknown>()
      waiting.set(++last, one)
      child.send({ id: last, method, argument } satisfies Request)
      return (await one.promise) as T
    },
    stop: () => stop(child),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const gone = once(child, 'exit')
  child.kill()
  await gone
}

/** In the child: answers the calls of the process that spawned it. */
export function serve(methods: Methods): void {
  const send = (reply: Reply) => process.send?.(reply)
  process.on('message', async ({ id, method, argument }: Request) => {
    try {
      const value = await methods[method]?.(argument as never)
      send({ id, value })
    } catch (error) {
      send({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  // Whoever asked is gone.
  process.on('disconnect', () => process.exit())
  send({ id: 0 })
}
