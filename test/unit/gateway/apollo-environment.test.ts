import { Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { withoutApolloEnvironment } from '#gateway/apollo-environment.ts'
import { ask, gateway } from './graph.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
})

describe('Apollo', () => {
  it('is never called, whatever its environment variables say', async () => {
    vi.stubEnv('APOLLO_KEY', 'service:graph:key')
    vi.stubEnv('APOLLO_GRAPH_REF', 'graph@current')
    vi.stubEnv('APOLLO_SCHEMA_REPORTING', 'true')
    vi.stubEnv('APOLLO_TELEMETRY_DISABLED', 'false')
    vi.stubEnv('NODE_ENV', 'development')
    const connect = vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket) {
      return this
    })
    const server = await gateway()
    expect((await ask(server, '{ answer }')).data).toEqual({ answer: 42 })
    await server.close()
    expect(connect).not.toHaveBeenCalled()
    expect(process.env.APOLLO_KEY).toBe('service:graph:key')
    expect(process.env.APOLLO_TELEMETRY_DISABLED).toBe('false')
  })

  it('finds the environment as it was, also after a failure', () => {
    const env: NodeJS.ProcessEnv = { APOLLO_KEY: 'k', PATH: 'p' }
    const fail = () => {
      expect(env).toEqual({ APOLLO_TELEMETRY_DISABLED: 'true', PATH: 'p' })
      throw new Error('no')
    }
    expect(() => withoutApolloEnvironment(fail, env)).toThrow('no')
    expect(env).toEqual({ APOLLO_KEY: 'k', PATH: 'p' })
  })
})
