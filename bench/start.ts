import { spawn as spawnProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { spawn } from './child.ts'
import { median } from './plan.ts'
import type { Upstreams } from './upstreams.ts'

const cli = fileURLToPath(new URL('../app/modelops.js', import.meta.url))

/** Milliseconds from the command to the first answer, everything in one process, with so many models. Median of the rounds. */
export async function measureStart(models: number, rounds: number): Promise<number> {
  const upstream = await spawn('upstreams.ts')
  const { mlflow } = await upstream.call<Upstreams>('start', { models, delayMilliseconds: 0 })
  const folder = await mkdtemp(join(tmpdir(), 'modelops-bench-'))
  const config = join(folder, 'modelops.yaml')
  await writeFile(config, `sources:\n  - { id: mlflow, kind: mlflow, url: "${mlflow}" }\n`)
  const found: { milliseconds: number }[] = []
  // The first one is for the caches of disk and compiler, as after an installation.
  for (let i = 0; i <= rounds; i++) found.push({ milliseconds: await startOnce(config) })
  await upstream.stop()
  await rm(folder, { recursive: true })
  return median(found.slice(1)).milliseconds
}

async function startOnce(config: string): Promise<number> {
  const port = await freePort()
  const started = performance.now()
  const child = spawnProcess(process.execPath, [cli, 'start', '--config', config], {
    env: { ...process.env, PORT: String(port), NODE_ENV: 'production' },
    stdio: 'ignore',
  })
  let gone = false
  const end = once(child, 'exit').then(() => {
    gone = true
  })
  while (!(await isAnswered(port))) {
    if (gone) throw new Error('the gateway ended before it answered')
    await pause(2)
  }
  const milliseconds = performance.now() - started
  child.kill()
  await end
  return milliseconds
}

async function isAnswered(port: number): Promise<boolean> {
  const body = JSON.stringify({ query: '{ models(first: 1) { nodes { name } } }' })
  const options = { method: 'POST', body, headers: { 'content-type': 'application/json' } }
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, options).catch(() => undefined)
  return (await response?.text())?.includes('"name"') ?? false
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
