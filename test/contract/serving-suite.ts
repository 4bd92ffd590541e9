import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildConfig } from '#lib/config/load.ts'
import type { Declared } from '#lib/matching.ts'
import { type ConnectedSource, connectSources } from '#lib/sources.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { servingAdapters } from '#services/serving/adapters.ts'
import type { EndpointRecord, ServedModelRecord, ServingPort } from '#services/serving/port.ts'

/** A source as `modelops.yaml` has it, with its kind's own options. */
export interface SourceSpec {
  readonly kind: string
  readonly url: string
  readonly [option: string]: unknown
}

/** What a server is known to serve. */
export interface ExpectedModel extends Pick<ServedModelRecord, 'name' | 'version' | 'loadState'> {
  /** Name, type and shape of each; absent: not looked at. */
  readonly inputs?: readonly { name: string; dataType: string; shape: readonly number[] }[] | null
  /** What is said of the registered model, as far as it is given here; absent: not looked at. */
  readonly declared?: (Partial<Omit<Declared, 'link'>> & { readonly method: Declared['link']['method'] }) | null
}

/** A running server, and what is known of it. */
interface StartedServer {
  readonly source: SourceSpec
  readonly server: { readonly name: string; readonly version: string }
  readonly state: EndpointRecord['state']
  /** All that it serves. null: it does not tell. */
  readonly served: readonly ExpectedModel[] | null
  readonly links?: readonly object[]
  stop(): Promise<void>
}

/** What kinds of server cannot tell. */
interface Limits {
  /** It tells no inputs and outputs of any model. */
  readonly tensors?: 'untold'
}

/** A server that the port can be held against, real or stood in for. */
export interface ServingSubject {
  readonly name: string
  start(): Promise<StartedServer>
  readonly limits?: Limits
}

/** The data types of the Open Inference Protocol, and what extends them. */
const DATA_TYPES = /^(BOOL|U?INT(8|16|32|64)|FP(16|32|64)|BF16|BYTES)$/

/** Words of a server's own that must never be shown: parts of paths and tracebacks. */
const SERVER_WORDS = /\/|\\|\n|Traceback|Error|\.py|\bAt:/

/** Connects a source as the composition root does. */
export function connectServing(spec: SourceSpec, links: readonly object[] = []): ConnectedSource<ServingPort> {
  const adapterKinds = Object.fromEntries(servingAdapters.map(({ kind, options }) => [kind, options as z.ZodObject]))
  const kinds = { ...adapterKinds, mlflow: z.object({}).meta({ role: 'registry' }) }
  const registry = { id: 'registry', kind: 'mlflow', url: 'http://registry.example' }
  const written = { sources: [{ id: 'served', ...spec }, registry], links }
  const config = buildConfig(written, kinds)
  const options = { config, registries: ['registry'], log: pino({ level: 'silent' }) }
  const [connected] = connectSources<ServingPort>(servingAdapters, options)
  if (!connected) throw new Error(`No adapter is of kind ${spec.kind}: add it to services/serving/adapters.ts.`)
  return connected
}

/** What `ServingPort` promises, held against one kind of server. */
export function describeServingPort({ name, start, limits = {} }: ServingSubject): void {
  describe(`${name} as a serving port`, () => {
    let started: StartedServer
    let connected: ConnectedSource<ServingPort>
    let endpoint: EndpointRecord
    const call = () => ({ signal: AbortSignal.timeout(20_000) })
    const served = () => endpoint.served ?? []

    beforeAll(async () => {
      started = await start()
      connected = connectServing(started.source, started.links)
      const [only, ...others] = await connected.port.endpoints(call())
      if (!only || others.length > 0)
        throw new Error(`Expected one endpoint and found ${others.length + Number(!!only)}.`)
      endpoint = only
    })

    afterAll(async () => {
      await connected?.upstream.close()
      await started?.stop()
    })

    it('tells its software and version', async () => {
      const { version, can } = await connected.port.probe(call())
      expect(endpoint.server).toEqual(started.server)
      expect(version).toBe(started.server.version)
      expect(connected.state.status()).toMatchObject({ state: 'UP', version })
      expect(can).not.toEqual([])
    })

    it('is an endpoint at the configured address, in the state that its models give it', () => {
      expect(endpoint).toMatchObject({ key: 'server', url: started.source.url, state: started.state })
      expect(endpoint.stateMessage === null).toBe(started.state === 'READY')
    })

    it('tells everything that it serves with the state of each', () => {
      const states = (models: readonly Pick<ExpectedModel, 'name' | 'version' | 'loadState'>[] | null) =>
        models?.map(({ name, version, loadState }) => `${name} ${version}: ${loadState}`).sort()
      expect(states(endpoint.served)).toEqual(states(started.served))
    })

    it('says of what is not ready why, in no word of the server', () => {
      for (const { loadState, stateMessage } of served()) {
        expect(stateMessage === null).toBe(loadState === 'READY')
      }
      const messages = [endpoint, ...served()].map(({ stateMessage }) => stateMessage ?? '')
      expect(messages.filter((message) => SERVER_WORDS.test(message))).toEqual([])
    })

    it('tells inputs and outputs in the types of the Open Inference Protocol, or nothing', () => {
      const specs = served().flatMap(({ inputs, outputs }) => [inputs, outputs])
      expect(specs.filter((list) => list?.length === 0)).toEqual([])
      const types = specs.flatMap((list) => list ?? []).map(({ dataType }) => dataType)
      expect(types.filter((type) => !DATA_TYPES.test(type))).toEqual([])
      expect(types.length === 0).toBe(limits.tensors === 'untold')
    })

    it('tells the inputs that its models have', () => {
      for (const { name, version, inputs } of started.served ?? []) {
        if (inputs === undefined) continue
        const model = served().find((one) => one.name === name && one.version === version)
        const found = model?.inputs?.map(({ name, dataType, shape }) => ({ name, dataType, shape })) ?? null
        expect(found, name).toEqual(inputs)
      }
    })

    it('tells who says which registered model each is', () => {
      for (const { name, version, declared } of started.served ?? []) {
        if (declared === undefined) continue
        const model = served().find((one) => one.name === name && one.version === version)
        if (declared === null) {
          expect(model?.declared, name).toBeNull()
          continue
        }
        const { method, ...rest } = declared
        expect(model?.declared, name).toMatchObject({ ...rest, link: { method } })
        expect(model?.declared?.link.evidence, name).not.toBe('')
      }
    })

    it('answers the same when nothing has changed', async () => {
      expect(await connected.port.endpoints(call())).toEqual([endpoint])
    })

    it('rejects as a failure of the source where nobody answers', async () => {
      const gone = connectServing({ ...started.source, url: 'http://127.0.0.1:1' })
      await expect(gone.port.endpoints(call())).rejects.toSatisfy(
        (error) => error instanceof UpstreamError && error.reason === 'DOWN' && error.source === 'served',
      )
      await gone.upstream.close()
    })
  })
}
