import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { ownServers, toldOfChanges } from '#app/graph.ts'
import type { RemoteOptions } from '#gateway/remote.ts'
import { makeInternalKey } from '#lib/internal-token/key.ts'
import { createTokenSigner } from '#lib/internal-token/signer.ts'
import type { Order } from './subgraph-process.ts'

/** Processes that serve nothing now. Each takes a second to start, so they are used again; they end with this one. */
const idle: ChildProcess[] = []

const { secret, shared } = await makeInternalKey()
const signer = await createTokenSigner(JSON.stringify(secret))

/** Subgraphs of one graph, each a server in a process of its own. */
export interface Processes extends RemoteOptions {
  close(): Promise<void>
}

/** Serves the subgraphs of a configuration; those of `without` have an address at which nobody answers. */
export async function serveInProcesses(
  config: { sources: object[] },
  { without, started }: { without: readonly string[]; started: boolean },
): Promise<Processes> {
  const used: ChildProcess[] = []
  const jwk = JSON.stringify(shared)
  const serve = async (name: (typeof ownServers)[number]): Promise<[string, string]> => {
    if (without.includes(name)) return [name, 'http://127.0.0.1:9']
    const child = idle.pop() ?? start()
    used.push(child)
    return [name, String(await told(child, { name, config, jwk, started }))]
  }
  const urls = Object.fromEntries(await Promise.all(ownServers.map(serve)))
  return {
    ...{ urls, signer, toldOfChanges },
    async close() {
      await Promise.all(used.map((child) => told(child, 'stop')))
      idle.push(...used)
    },
  }
}

function start(): ChildProcess {
  const child = fork(join(import.meta.dirname, 'subgraph-process.ts'), { execArgv: [] })
  child.unref()
  child.channel?.unref()
  return child
}

/** What a process answers to an order. */
async function told(child: ChildProcess, order: Order): Promise<unknown> {
  const over = new AbortController()
  const { signal } = over
  try {
    const ended = once(child, 'exit', { signal }).then(() =>
      Promise.reject(new Error('A process with a subgraph ended.')),
    )
    const answer = once(child, 'message', { signal })
    child.send(order)
    const [message] = await Promise.race([answer, ended])
    return message
  } finally {
    over.abort()
  }
}
