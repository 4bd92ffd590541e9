import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import { type Declared, trust } from '#lib/matching.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { linkedIdentity, registryOf, UNTOLD } from '../identity.ts'
import { labelsOf } from '../labels.ts'
import type { EndpointRecord, ServedModelRecord, ServingPort } from '../port.ts'
import { mlflowScoringOptions } from './options.ts'
import { readPing, readVersion } from './wire.ts'

/** `mlflow models serve`, which serves one model and does not tell which: the configuration does. */
export const mlflowScoring = defineAdapter<ServingPort, typeof mlflowScoringOptions>({
  kind: 'mlflow-scoring',
  options: mlflowScoringOptions,
  create,
})

type Context = AdapterContext<typeof mlflowScoringOptions>

function create(context: Context): ServingPort {
  const { source, upstream, state } = context

  async function readServer(call: UpstreamCall) {
    const [ready, version] = await Promise.all([readPing(upstream, call), readVersion(upstream, call)])
    state.version = version ?? undefined
    return { ready, version }
  }

  async function endpoints(call: UpstreamCall): Promise<EndpointRecord[]> {
    const { ready, version } = await readServer(call)
    const served = servedModel(context, ready)
    return [
      {
        ...{ key: 'server', name: source.title, url: source.url, environment: source.environment ?? null },
        server: { name: 'mlflow', version },
        state: ready ? 'READY' : 'NOT_READY',
        stateMessage: ready ? null : NOT_READY,
        ...{ labels: labelsOf(source.labels), served: served && [served] },
      },
    ]
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const { version } = await readServer(call)
    const untold = 'which model it serves: the server does not tell; say it under "serves"'
    return {
      version,
      can: ['readiness', 'version of MLflow'],
      cannot: [...(servedModel(context, true) ? [] : [untold]), 'inputs and outputs: the server does not tell'],
    }
  }

  return { probe, endpoints }
}

const NOT_READY = 'The server says that it is not ready; its log says why.'

/** What the configuration says it serves; null: nothing. The server has no name for it, so it goes by the configured one. */
function servedModel({ source, links, registries }: Context, ready: boolean): ServedModelRecord | null {
  const name = source.serves?.model ?? links.find(({ served }) => served.source === source.id)?.served.model
  if (name === undefined) return null
  const declared = linkedIdentity(links, source.id, { name, version: null }, UNTOLD) ?? configured(source, registries)
  return {
    ...{ name, version: null, platform: null, inputs: null, outputs: null, declared },
    loadState: ready ? 'READY' : 'UNAVAILABLE',
    stateMessage: ready ? null : NOT_READY,
  }
}

function configured({ id, serves }: Context['source'], registries: readonly string[]): Declared | null {
  if (!serves) return null
  const { registry, model, version } = serves
  const evidence = `the configuration of ${id} states what it serves`
  return {
    ...{ ...UNTOLD, registry: registryOf(registry, registries), modelName: model, modelVersion: version ?? null },
    link: { method: 'CONFIGURED', confidence: trust.CONFIGURED, evidence },
  }
}
