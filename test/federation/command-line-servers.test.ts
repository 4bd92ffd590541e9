import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownServers } from '#app/graph.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { makeInternalKey } from '#lib/internal-token/key.ts'
import { manyModels } from './many-models.ts'

const CLI = join(import.meta.dirname, '../../app/modelops.js')
const running: ChildProcess[] = []

const run = (cwd: string, args: string[], env: Record<string, string> = {}): ChildProcess => {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: { PATH: process.env.PATH, ...env } })
  running.push(child)
  return child
}

/** The address that a process prints once it listens; fails with its complaint when it ends before. */
async function address(child: ChildProcess, pattern: RegExp): Promise<string> {
  let printed = ''
  const complaint = child.stderr ? text(child.stderr) : ''
  for await (const chunk of child.stdout?.setEncoding('utf8') ?? []) {
    printed += chunk
    const [, found] = pattern.exec(printed) ?? []
    if (found) return found
  }
  throw new Error(`It ended. It had printed:\n${printed}\n${await complaint}`)
}

describe('the gateway and each subgraph as servers of their own', () => {
  let folder: string
  let url: string
  let models: ChildProcess
  let environment: Record<string, string>
  let modelsPort: string
  const closers: (() => Promise<unknown>)[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelops-'))
    const mlflow = await startMlflow({ version: '3.17.2', data: manyModels(2) })
    closers.push(mlflow.close, () => rm(folder, { recursive: true }))
    await writeFile(join(folder, 'modelops.yaml'), `sources:\n  - { id: ml, kind: mlflow, url: "${mlflow.url}" }\n`)
    const { secret, shared } = await makeInternalKey()
    await writeFile(join(folder, 'key'), JSON.stringify(secret))
    environment = { MODELOPS_GATEWAY_JWK: JSON.stringify(shared) }
    const subgraph = (name: string) => run(folder, ['subgraph', name], { ...environment, PORT: '0' })
    const children = Object.fromEntries(ownServers.map((name) => [name, subgraph(name)]))
    models = children.models ?? subgraph('models')
    const addresses = await Promise.all(
      Object.entries(children).map(async ([name, child]) => {
        return [name, await address(child, /at (http:\S+)\/graphql/)] as const
      }),
    )
    modelsPort = new URL(Object.fromEntries(addresses).models ?? '').port
    const subgraphs = addresses.map((pair) => pair.join('=')).join(',')
    const gateway = run(folder, ['gateway'], {
      ...{ MODELOPS_SUBGRAPHS: subgraphs, MODELOPS_INTERNAL_KEY_FILE: 'key', PORT: '0' },
    })
    url = await address(gateway, /GraphQL +(\S+)/)
  }, 30_000)
  afterAll(async () => {
    for (const child of running) if (child.exitCode === null) child.kill('SIGKILL')
    for (const close of closers) await close()
  })

  const ask = async () => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ me { subject } models { totalCount } }"}',
    })
    return (await response.json()) as { data: object; errors?: { extensions: object }[] }
  }
  const whole = { data: { me: { subject: 'local' }, models: { totalCount: 2 } } }

  it('answer as one', async () => {
    expect(await ask()).toEqual(whole)
  })

  it('answer without one that was killed, and with it once it is there again', async () => {
    models.kill('SIGKILL')
    await once(models, 'exit')
    const { data, errors } = await ask()
    expect(data).toEqual({ me: { subject: 'local' }, models: null })
    expect(errors).toMatchObject([{ path: ['models'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }])
    models = run(folder, ['subgraph', 'models'], { ...environment, PORT: modelsPort })
    await address(models, /at (http:\S+)\/graphql/)
    expect(await ask()).toEqual(whole)
  })

  it('end when told to', async () => {
    for (const child of running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
      child.kill('SIGTERM')
      expect(await once(child, 'exit')).toEqual([0, null])
    }
  })
})

describe('a server of its own does not start', () => {
  const refusal = async (args: string[], env?: Record<string, string>) => {
    const child = run(tmpdir(), args, { MLFLOW_TRACKING_URI: 'http://127.0.0.1:9', ...env })
    const [err, [code]] = await Promise.all([child.stderr ? text(child.stderr) : '', once(child, 'exit')])
    expect(code).toBe(1)
    expect(err).not.toMatch(/^\s+at /m)
    return err
  }
  const subgraphs = ownServers.map((name) => `${name}=http://127.0.0.1:9`).join(',')

  it('as a subgraph that does not know the key of its gateway', async () => {
    const err = await refusal(['subgraph', 'models'])
    expect(err).toContain('MODELOPS_GATEWAY_JWKS_URL')
    expect(err).toContain('npx modelops key --internal')
  })

  it('as a subgraph that knows something else instead', async () => {
    const err = await refusal(['subgraph', 'models'], { MODELOPS_GATEWAY_JWK: '{"kty":"oct","k":"c2VjcmV0"}' })
    expect(err).toContain('is no Ed25519 JWK')
    expect(err).not.toContain('c2VjcmV0')
  })

  it('as a subgraph that there is not', async () => {
    expect(await refusal(['subgraph', 'modles'])).toContain(`there are ${ownServers.join(', ')}`)
  })

  it('as a gateway without a key', async () => {
    expect(await refusal(['gateway'], { MODELOPS_SUBGRAPHS: subgraphs })).toContain('MODELOPS_INTERNAL_KEY_FILE')
  })

  it('as a gateway with half a key', async () => {
    const { shared } = await makeInternalKey()
    const env = { MODELOPS_SUBGRAPHS: subgraphs, MODELOPS_INTERNAL_KEY: JSON.stringify(shared) }
    expect(await refusal(['gateway'], env)).toContain('is no private Ed25519 JWK')
  })

  it('as a gateway that lacks the address of a subgraph, or has one too many', async () => {
    const some = { MODELOPS_SUBGRAPHS: 'models=http://127.0.0.1:9,served=http://127.0.0.1:9' }
    expect(await refusal(['gateway'], some)).toContain(
      `${ownServers.filter((name) => name !== 'models').join(', ')} missing; served unknown`,
    )
  })
})

it('key --internal prints both halves of one key, each a variable to set', async () => {
  const child = run(tmpdir(), ['key', '--internal'])
  const out = child.stdout ? await text(child.stdout) : ''
  const half = (name: string) => JSON.parse(new RegExp(`${name}='(.*)'`).exec(out)?.[1] ?? '')
  const { d, ...shared } = half('MODELOPS_INTERNAL_KEY')
  expect(d).toMatch(/^[\w-]{43}$/)
  expect(half('MODELOPS_GATEWAY_JWK')).toEqual(shared)
})
