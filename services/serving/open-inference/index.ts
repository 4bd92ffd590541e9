import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import { labelsOf } from '../labels.ts'
import type { EndpointRecord, ServingPort } from '../port.ts'
import { type About, readAbout } from './about.ts'
import type { Server } from './ask.ts'
import { capabilities } from './capabilities.ts'
import { declaredOf } from './declared.ts'
import { withDetails } from './details.ts'
import { readModels } from './models.ts'
import { openInferenceOptions } from './options.ts'
import { endpointState, stateMessages } from './states.ts'

/** Servers of the Open Inference Protocol v2: MLServer, Triton, and others as far as they tell. */
export const openInference = defineAdapter<ServingPort, typeof openInferenceOptions>({
  kind: 'open-inference',
  options: openInferenceOptions,
  // Triton loads a model on the thread of a connection, and what else comes on that connection waits.
  freshConnections: true,
  create,
})

function create(context: AdapterContext<typeof openInferenceOptions>): ServingPort {
  const { source, upstream, state } = context

  async function readServer(call: UpstreamCall): Promise<{ server: Server; about: About }> {
    const server = { id: source.id, upstream, call }
    const about = await readAbout(server)
    state.version = about.metadata?.version ?? undefined
    return { server, about }
  }

  async function endpoints(call: UpstreamCall): Promise<EndpointRecord[]> {
    const { server, about } = await readServer(call)
    const models = await readModels(server, about, source.models)
    const detailed = models && (await withDetails(server, about, models))
    const served = detailed?.map(({ told, ...model }) => ({
      ...model,
      stateMessage: stateMessages[model.loadState],
      declared: declaredOf(model, told, context),
    }))
    return [
      {
        ...{ key: 'server', name: source.title, url: source.url, environment: source.environment ?? null },
        server: about.metadata && { name: about.metadata.name, version: about.metadata.version },
        ...endpointState(models, about.readyStatus),
        ...{ labels: labelsOf(source.labels), served: served ?? null },
      },
    ]
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const { server, about } = await readServer(call)
    const models = await readModels(server, about, source.models)
    return { version: about.metadata?.version ?? null, ...capabilities(about, models, source.models) }
  }

  return { probe, endpoints }
}
