import { setTimeout as delay } from 'node:timers/promises'
import type { RealServer } from './mlflow.ts'

/** A tensor as the Open Inference Protocol describes it; -1 is a free dimension. */
export type ServedTensor = {
  name: string
  datatype: 'BOOL' | 'INT32' | 'INT64' | 'FP32' | 'FP64' | 'BYTES'
  shape: number[]
}

/**
 * What a model does once the server is up: answers, still loads (until `finishLoading`), has failed to load, was loaded
 * and unloaded again, or was never loaded.
 */
type ServedState = 'ready' | 'loading' | 'failed' | 'unloaded' | 'never-loaded'

/** What both model servers can be told about a model. */
export type ServedModel = {
  name: string
  /** What the server tells about the model beside its tensors: run id, registry name, version … */
  parameters?: Record<string, string>
  inputs?: ServedTensor[]
  outputs?: ServedTensor[]
  state?: ServedState
}

/** A real model server, and the hand on its models that load slowly. */
export type RealModelServer = RealServer & {
  /** Lets a model that is 'loading' become ready, and waits until it is. */
  finishLoading(name: string): Promise<void>
}

/**
 * A request on a connection of its own. Triton binds a connection to one of its threads and loads a model on that
 * thread, so that a connection kept from before hangs until the load is done.
 */
export function ask(url: string, init: RequestInit & { timeoutMs: number }): Promise<Response> {
  const { timeoutMs, ...rest } = init
  return fetch(url, {
    ...rest,
    headers: { connection: 'close', 'content-type': 'application/json' },
    signal: AbortSignal.timeout(timeoutMs),
  })
}

/** A load that is expected to fail must fail: a model that loads after all would make tests prove nothing. */
export async function loadModel(url: string, name: string, expected: 'ready' | 'failed'): Promise<void> {
  const load = `${url}/v2/repository/models/${encodeURIComponent(name)}/load`
  const response = await ask(load, { method: 'POST', timeoutMs: 120_000 })
  const said = await response.text()
  if (response.ok === (expected === 'ready')) return
  throw new Error(`Loading ${name} on ${url} should have ${expected}, but it answered ${response.status}: ${said}`)
}

/** Takes out a model that is ready, which some servers keep apart from never having loaded it. */
export async function unloadModel(url: string, name: string): Promise<void> {
  await awaitState(url, name, 'READY')
  const unload = `${url}/v2/repository/models/${encodeURIComponent(name)}/unload`
  const response = await ask(unload, { method: 'POST', timeoutMs: 30_000 })
  if (!response.ok) throw new Error(`Unloading ${name} on ${url} answered ${response.status}: ${await response.text()}`)
  await awaitState(url, name, 'UNAVAILABLE')
}

/** Waits until the server's own index lists a model with this state; `state` in the server's own words. */
export async function awaitState(url: string, name: string, state: string): Promise<void> {
  const deadline = Date.now() + 30_000
  for (;;) {
    // Even a new connection hangs when its thread took it just before the load that is waited for.
    const index = await readIndex(url, 1_000).catch(nothingUnlessGone)
    if (index.some((model) => model.name === name && model.state === state)) return
    if (Date.now() > deadline) throw new Error(`${name} on ${url} did not become ${state}: ${JSON.stringify(index)}`)
    await delay(50)
  }
}

/** A server that was up and takes no connection any more will not come back. */
function nothingUnlessGone(error: Error): IndexEntry[] {
  if ((error.cause as { code?: string } | undefined)?.code === 'ECONNREFUSED') throw error
  return []
}

/** The server's repository index. */
export async function readIndex(url: string, timeoutMs = 5_000): Promise<IndexEntry[]> {
  const response = await ask(`${url}/v2/repository/index`, { method: 'POST', body: '{}', timeoutMs })
  return (await response.json()) as IndexEntry[]
}

export type IndexEntry = { name: string; version?: string; state?: string; reason?: string }
