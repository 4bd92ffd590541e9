import type { Config } from '#lib/config/schema.ts'
import type { RequestContext } from '#lib/context.ts'
import { graphqlFailure } from '#lib/failure.ts'
import { makeId } from '#lib/ids.ts'
import { provenanceOf } from '#lib/reading.ts'
import { alertsOfEndpoint, alertsOfModel, listAlerts, stateOf } from './alerts.ts'
import { coverageOf } from './coverage.ts'
import type { Monitors } from './monitors.ts'
import type { Resolvers } from './schema.generated.ts'
import { driftKinds, signalsOf } from './signals.ts'
import { servedOf, trafficOf } from './traffic.ts'

/** The subgraph's resolvers. */
export function createResolvers(monitors: Monitors, config: Config): Resolvers {
  /** null: there is no such alert now. Throws a GraphQLError when its source cannot be asked. */
  async function alert(id: string, context: RequestContext) {
    const parts = monitors.partsOf(id, 'Alert')
    const monitor = monitors.byId(parts?.[0] ?? '')
    if (!parts || !monitor?.alerts) return null
    const { value, failure } = await monitors.alertsOf(monitor, context)
    const found = value?.byId.get(makeId('Alert', ...parts))
    if (!found && failure) throw graphqlFailure(failure)
    return found && monitors.access.visible(context.caller, found) ? found : null
  }
  /** Source and name of a registered model; undefined: the id is none. */
  const registered = (id: string) => {
    const [registry = '', model = ''] = monitors.partsOf(id, 'Model') ?? []
    return model === '' ? undefined : { registry, model }
  }

  return {
    Query: {
      alerts: (_, args, context) => listAlerts(monitors, args, config.gateway.limits.pageSize, context),
    },
    Alert: {
      __resolveReference: ({ id }, context) => alert(id, context),
      state: stateOf,
      startedAt: ({ startedAt }) => dateTime(startedAt),
      silences: ({ silences }) =>
        silences.map(({ startsAt, endsAt, ...silence }) => ({
          ...silence,
          startsAt: new Date(startsAt).toISOString(),
          endsAt: new Date(endsAt).toISOString(),
        })),
      provenance: ({ source, fetchedAt }) => {
        const monitor = monitors.byId(source)
        return monitor?.alerts ? provenanceOf(monitor.source, monitor.alerts.age(fetchedAt)) : null
      },
    },
    ServedModel: {
      __resolveReference: ({ id }) => ({ id }),
      traffic: ({ id }, { windowSeconds }, context) => {
        const parts = monitors.partsOf(id, 'ServedModel')
        return parts ? trafficOf(monitors, servedOf(parts), windowSeconds ?? 300, context) : null
      },
    },
    Model: {
      // What `@requires` hands over comes with the reference.
      __resolveReference: (reference) => reference,
      alerts: ({ id }, _, context) => {
        const model = registered(id)
        return model ? alertsOfModel(monitors, model, context) : null
      },
      drift: ({ id }, _, context) => {
        const model = registered(id)
        return model ? signalsOf(monitors, model, driftKinds, context) : null
      },
      signals: ({ id }, { kinds }, context) => {
        const model = registered(id)
        return model ? signalsOf(monitors, model, kinds ?? undefined, context) : null
      },
      monitoring: (reference, _, context) => {
        const model = registered(reference.id)
        return model ? coverageOf(monitors, model, reference, context) : null
      },
    },
    Endpoint: {
      __resolveReference: ({ id }) => ({ id }),
      alerts: ({ id }, _, context) => {
        const [source, endpoint] = monitors.partsOf(id, 'Endpoint') ?? []
        return source !== undefined && endpoint !== undefined
          ? alertsOfEndpoint(monitors, source, endpoint, context)
          : null
      },
    },
    MonitoringSource: {
      __resolveReference: ({ id }) => monitors.byId(id)?.source ?? null,
      status: ({ id }) => monitors.byId(id)?.connected.state.status() ?? null,
    },
  }
}

const dateTime = (milliseconds: number | null): string | null =>
  milliseconds === null ? null : new Date(milliseconds).toISOString()
