import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenMetadata } from '#demo/openmetadata/index.ts'
import { manyModels } from './many-models.ts'

const CLI = join(import.meta.dirname, '../../app/modelops.js')

describe('modelops', () => {
  let folder: string
  const closers: (() => unknown)[] = []
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelops-'))
  })
  afterEach(async () => {
    for (const close of closers.splice(0)) await close()
    await rm(folder, { recursive: true })
  })

  const run = (args: string[], env: Record<string, string> = {}): ChildProcess => {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: folder, env: { PATH: process.env.PATH, ...env } })
    closers.push(() => child.exitCode ?? child.kill('SIGKILL'))
    return child
  }
  const finish = async (args: string[], env?: Record<string, string>) => {
    const child = run(args, env)
    const [out, err, [code]] = await Promise.all([read(child.stdout), read(child.stderr), once(child, 'exit')])
    return { out, err, code }
  }
  const registry = async () => {
    const mlflow = await startMlflow({ version: '3.17.2', data: manyModels(2) })
    closers.push(mlflow.close)
    return mlflow
  }
  const configure = (...sources: string[]) =>
    writeFile(join(folder, 'modelops.yaml'), `sources:\n${sources.join('\n')}\n`)

  it.each([
    [['--help']],
    [['start', '--help']],
    [['gateway', '--help']],
    [['subgraph', '--help']],
    [['check', '--help']],
    [['compose', '--help']],
    [['rules', 'test', '--help']],
    [['evidence', '--help']],
  ])('%s tells how to use it', async (args) => {
    expect(await finish(args)).toMatchObject({ code: 0, out: expect.stringContaining('Usage: modelops') })
  })

  it('check tells what a source is, how long it took and what it lets us read', async () => {
    const { url } = await registry()
    await configure(`  - { id: ml, kind: mlflow, url: "${url}" }`)
    const { out, code } = await finish(['check'])
    expect(code).toBe(0)
    expect(out).toMatch(/^ml\s+mlflow\s+yes\s+3\.17\.2\s+\d+ ms$/m)
    expect(out).toContain('can: models and versions; runs with datasets; logged models')
  })

  it('check fails when one source does, and tells what to do about it, also in JSON', async () => {
    const { url } = await registry()
    await configure(
      `  - { id: ml, kind: mlflow, url: "${url}" }`,
      '  - { id: gone, kind: open-inference, url: "http://127.0.0.1:9" }',
    )
    const { out, code } = await finish(['check', '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject([
      { id: 'ml', ok: true, version: '3.17.2', problem: null },
      { id: 'gone', ok: false, version: null, problem: expect.stringContaining('refuses connections') },
      { id: 'state', kind: 'sqlite', ok: true, problem: null },
    ])
  })

  it('check asks a source for all that it is read for, and tells of it once', async () => {
    const { url, close } = await startOpenMetadata()
    closers.push(close)
    await configure(`  - { id: om, kind: openmetadata, url: "${url}", auth: { bearer: token } }`)
    const { out, code } = await finish(['check', '--json'])
    expect(code).toBe(0)
    const [om, state] = JSON.parse(out)
    expect([om.id, om.ok, om.version, state.id]).toEqual(['om', true, '2.0.7', 'state'])
    expect(om.can).toEqual(
      expect.arrayContaining([expect.stringMatching(/^tables/), expect.stringContaining('descriptions of models')]),
    )
  })

  it('check says what to configure when nothing is', async () => {
    expect(await finish(['check'])).toMatchObject({ code: 1, err: expect.stringContaining('MLFLOW_TRACKING_URI') })
  })

  it('tells every mistake of the configuration at once, with its line and no stack', async () => {
    await configure('  - { id: Ml, kind: mlfow, url: "sqlite:///x.db" }')
    const { err, code } = await finish(['start'])
    expect(code).toBe(1)
    expect(err).toMatch(/3 errors/)
    expect(err).toMatch(/modelops\.yaml:2:\d+: sources\[0\]\.kind: .*Did you mean "mlflow"\?/)
    expect(err).not.toMatch(/^\s+at /m)
  })

  it('start reads the MLflow of MLFLOW_TRACKING_URI and nothing else, and ends within 5 s when told to', async () => {
    const { url } = await registry()
    const child = run(['start'], { MLFLOW_TRACKING_URI: url, PORT: '0' })
    const lines = await until(child, /^\s+mlflow\s+mlflow\s+UP\s+3\.17\.2$/m)
    expect(lines).toContain('this computer only')
    const address = /GraphQL\s+(http:\S+)/.exec(lines)?.[1] ?? ''
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ sources { id } models { totalCount } }"}',
    })
    expect(await response.json()).toEqual({ data: { sources: [{ id: 'mlflow' }], models: { totalCount: 2 } } })
    const start = performance.now()
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  it('start says which of two configurations wins', async () => {
    const { url } = await registry()
    await configure(`  - { id: ml, kind: mlflow, url: "${url}" }`)
    const child = run(['start'], { MLFLOW_TRACKING_URI: 'http://127.0.0.1:9', PORT: '0' })
    const lines = await until(child, /^\s+ml\s+mlflow\s+UP/m)
    expect(lines).toContain('modelops.yaml is read, MLFLOW_TRACKING_URI is not')
  })

  it('start without a configuration shows the demonstration company, and says how to connect an own MLflow', async () => {
    const child = run(['start'], { PORT: '0' })
    const lines = await until(child, /^Sources(\n\s+\S+\s+\S+\s+.*){5}/m)
    expect(lines).toContain('demonstration company')
    expect(lines).toContain('MLFLOW_TRACKING_URI=http://host:5000 npm start')
    expect(lines).toMatch(/DOWN/)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('start on a port that is taken says so in one line', async () => {
    const { url } = await registry()
    const { err, code } = await finish(['start'], { MLFLOW_TRACKING_URI: url, PORT: new URL(url).port })
    expect(code).toBe(1)
    expect(err).toMatch(/port/i)
    expect(err).not.toMatch(/^\s+at /m)
  })
})

const read = (stream: ChildProcess['stdout']) => (stream ? text(stream) : '')

/** What a process has printed once it matches; fails with what it printed when it ends before. */
function until(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let printed = ''
    let complained = ''
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      complained += chunk
    })
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      printed += chunk
      if (pattern.test(printed)) resolve(printed)
    })
    child.once('exit', () => reject(new Error(`It ended. It had printed:\n${printed}\n${complained}`)))
  })
}
