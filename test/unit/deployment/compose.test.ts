import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ownServers } from '#app/graph.ts'

const ROOT = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')

interface Service {
  readonly command: string[]
  readonly environment: Record<string, string | number>
  readonly healthcheck: { test: string[] }
  readonly ports?: string[]
  readonly profiles?: string[]
  readonly read_only?: boolean
  readonly tmpfs?: readonly string[]
  readonly volumes?: readonly { readonly source: string; readonly target: string; readonly read_only?: boolean }[]
}

const compose = parse(read('docker-compose.yml'), { merge: true })
const services: Record<string, Service> = compose.services
const { gateway, redis, postgres, ...subgraphs } = services
const PORT = 4_000

describe('docker-compose.yml', () => {
  it('is right by the schema of the Compose specification', () => {
    // dclint brings the schema along.
    const file = new URL('schemas/compose.schema.json', import.meta.resolve('dclint/package.json'))
    // It names its draft with https, by which zod does not know it.
    const $schema = 'http://json-schema.org/draft-07/schema#'
    const schema = z.fromJSONSchema({ ...JSON.parse(readFileSync(file, 'utf8')), $schema })
    expect(schema.safeParse(compose).error?.issues).toBeUndefined()
    const mistaken = structuredClone(compose)
    mistaken.services.gateway.healthcheck.tests = []
    expect(schema.safeParse(mistaken).success).toBe(false)
  })

  it('has the gateway, every subgraph, and a Redis for who wants it', () => {
    expect(Object.keys(subgraphs)).toEqual([...ownServers])
    for (const name of ownServers) expect(subgraphs[name]?.command).toEqual(['subgraph', name])
    expect(gateway?.command).toEqual(['gateway'])
    expect(redis?.profiles).toEqual(['redis'])
  })

  it('tells the gateway where each subgraph is, and each subgraph where the key of the gateway is', () => {
    const expected = ownServers.map((name) => `${name}=http://${name}:${PORT}`).join(',')
    expect(gateway?.environment.MODELOPS_SUBGRAPHS).toBe(expected)
    for (const name of ownServers) {
      expect(subgraphs[name]?.environment).toMatchObject({
        MODELOPS_GATEWAY_JWKS_URL: `http://gateway:${PORT}/.well-known/jwks.json`,
      })
    }
  })

  it('asks each server for its health where it listens, and lets only the gateway be reached, from this computer', () => {
    for (const { environment, healthcheck } of [gateway, ...Object.values(subgraphs)].filter(
      (one) => one !== undefined,
    )) {
      expect(environment).toMatchObject({ HOST: '0.0.0.0', PORT })
      expect(healthcheck.test.at(-1)).toContain(`http://127.0.0.1:${PORT}/health/ready`)
    }
    expect(Object.entries(services).flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port]))).toEqual([
      ['gateway', `127.0.0.1:${PORT}:${PORT}`],
    ])
  })

  it('keeps the state in a volume that the gateway alone writes to, or in a PostgreSQL for who wants it', () => {
    expect(postgres?.profiles).toEqual(['postgres'])
    expect(postgres?.environment.POSTGRES_PASSWORD).toMatch(/^\$\{STATE_PASSWORD/)
    expect(postgres?.healthcheck.test).toContain('pg_isready')
    expect(Object.keys(compose.volumes)).toEqual(['postgres', 'state'])
    // Where state.file and state.keyFile are by default, from the folder that the image works in.
    const writable = (service?: Service) => service?.volumes?.filter((one) => !one.read_only)
    expect(gateway?.read_only).toBe(true)
    expect(writable(gateway)).toEqual([{ type: 'volume', source: 'state', target: '/app/.modelops' }])
    expect(gateway?.volumes?.map(({ target }) => target)).toContain('/config/modelops.yaml')
    for (const name of ownServers) {
      expect(writable(subgraphs[name])).toEqual([])
      // Where the command line has Node keep what it compiled.
      expect(subgraphs[name]?.tmpfs).toEqual([expect.stringMatching(/^\/app\/\.cache:uid=1000,/)])
      expect(Object.keys(subgraphs[name]?.environment ?? {})).not.toContain('STATE_PASSWORD')
    }
  })

  it('holds no secret, and gives the private key to the gateway alone', () => {
    expect(gateway?.environment.MODELOPS_INTERNAL_KEY).toMatch(/^\$\{MODELOPS_INTERNAL_KEY:\?/)
    for (const { environment } of Object.values(subgraphs)) {
      expect(Object.keys(environment)).not.toContain('MODELOPS_INTERNAL_KEY')
    }
    expect(read('docker-compose.yml')).not.toMatch(/"d":|password: +[^$\s]/i)
  })
})

describe('the image', () => {
  const dockerfile = read('Dockerfile')

  it('is made of what is there, and all that the command line needs of it', () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(
      ([, files]) => files?.split(' ') ?? [],
    )
    for (const path of copied) {
      expect(existsSync(join(ROOT, path)), path).toBe(true)
      expect(read('.dockerignore').split('\n')).toContain(`!${path}`)
    }
    const imports = Object.values(JSON.parse(read('package.json')).imports as Record<string, string>)
    const folders = imports.map((target) => target.split('/')[1] ?? '')
    expect(copied).toEqual(expect.arrayContaining(folders))
  })

  it('does not run as root, who it runs as owns the folder of the state, and policies and pg are in it', () => {
    expect(dockerfile).toMatch(
      /^RUN mkdir \.modelops \.cache && chown node:node \.modelops \.cache .*\n(?:.*\n)*USER node$/m,
    )
    for (const folder of ['policies', 'packs', 'tiering'])
      expect(existsSync(join(ROOT, 'services/governance', folder))).toBe(true)
    expect(JSON.parse(read('package.json')).dependencies).toHaveProperty('pg')
    // Nothing in an ignore file takes YAML away again.
    expect(read('.dockerignore')).not.toMatch(/^[^!#].*\.ya?ml/m)
  })
})
