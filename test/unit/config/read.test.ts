import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kinds } from '#app/kinds.ts'
import { readConfiguration } from '#lib/config/read.ts'
import { withSource } from './sample.ts'

let cwd: string
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'modelops-config-'))
})
afterEach(() => rm(cwd, { recursive: true }))

const write = (name: string, text: string | Buffer) => writeFile(join(cwd, name), text)
const read = (env: NodeJS.ProcessEnv = {}, configPath?: string) => readConfiguration({ configPath, env, cwd, kinds })
const named = (id: string) => withSource('').replace('mlflow-prod', id)
const MLFLOW_TRACKING_URI = 'http://mlflow.example'

describe('readConfiguration', () => {
  it('takes --config, then MODELOPS_CONFIG, then modelops.yaml, then MLFLOW_TRACKING_URI, then none', async () => {
    const env = { MODELOPS_CONFIG: 'b.yaml' }
    expect(await read()).toMatchObject({ config: { sources: [] }, origin: { kind: 'none' }, notices: [] })
    expect(await read({ MLFLOW_TRACKING_URI })).toMatchObject({
      config: { sources: [{ id: 'mlflow' }] },
      origin: { kind: 'environment' },
    })
    await write('modelops.yaml', named('c'))
    expect(await read()).toMatchObject({
      config: { sources: [{ id: 'c' }] },
      origin: { kind: 'file', path: join(cwd, 'modelops.yaml') },
    })
    await write('b.yaml', named('b'))
    expect(await read(env)).toMatchObject({
      config: { sources: [{ id: 'b' }] },
      origin: { kind: 'file', path: join(cwd, 'b.yaml') },
    })
    await write('a.yaml', named('a'))
    expect((await read(env, 'a.yaml')).config.sources).toMatchObject([{ id: 'a' }])
  })

  it('says that the file wins over MLFLOW_TRACKING_URI', async () => {
    await write('modelops.yaml', named('c'))
    const { config, notices } = await read({ MLFLOW_TRACKING_URI })
    expect(config.sources).toMatchObject([{ id: 'c' }])
    expect(notices).toEqual([
      'Both modelops.yaml and MLFLOW_TRACKING_URI are there: modelops.yaml is read, MLFLOW_TRACKING_URI is not.',
    ])
  })

  it('takes variables that are set to nothing as not set', async () => {
    const env = { MODELOPS_CONFIG: '', MLFLOW_TRACKING_URI: '', PORT: '', HOST: '' }
    expect(await read(env)).toMatchObject({
      origin: { kind: 'none' },
      config: { gateway: { port: 4_000, host: '127.0.0.1' } },
    })
  })

  it('lets HOST and PORT overrule the file', async () => {
    await write('modelops.yaml', `${named('c')}gateway: { port: 1, host: a.example }`)
    const { gateway } = (await read({ HOST: '::1', PORT: '0' })).config
    expect(gateway).toMatchObject({ host: '::1', port: 0 })
  })

  it.each(['http', '70000', '-1', '1.5'])('refuses PORT=%s', async (PORT) => {
    await expect(read({ PORT })).rejects.toThrow(
      'The configuration has an error:\n  PORT: expected a whole number from 0 to 65535',
    )
  })

  it('reads paths in the file from its own folder', async () => {
    await mkdir(join(cwd, 'etc'))
    await write('etc/modelops.yaml', withSource('', '    tls: { caFile: ca.pem }\n'))
    expect((await read({}, 'etc/modelops.yaml')).config.sources[0]?.tls?.caFile).toBe(join(cwd, 'etc/ca.pem'))
  })

  it('names the file in errors as it was given', async () => {
    await write('a.yaml', 'sources: []')
    await expect(read({}, './a.yaml')).rejects.toThrow('  ./a.yaml:1:10: sources: found an empty list')
  })

  it.each([
    ['no file', undefined, 'there is no such file'],
    ['a folder', 'folder', 'this is a folder, expected a file'],
    ['text in UTF-16', Buffer.from('\ufeffsources: []', 'utf16le'), 'this file is not text in UTF-8'],
  ])('tells %s in plain words', async (_, content, message) => {
    if (content === 'folder') await mkdir(join(cwd, 'a.yaml'))
    else if (content) await write('a.yaml', content)
    await expect(read({}, 'a.yaml')).rejects.toThrow(`The configuration has an error:\n  a.yaml: ${message} (--config)`)
    await expect(read({ MODELOPS_CONFIG: 'a.yaml' })).rejects.toThrow(`  a.yaml: ${message} (MODELOPS_CONFIG)`)
  })

  it('reads a file that starts with a byte order mark', async () => {
    await write('modelops.yaml', `\ufeff${named('c')}`)
    expect((await read()).config.sources).toMatchObject([{ id: 'c' }])
  })
})
