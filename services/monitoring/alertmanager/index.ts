import type { z } from 'zod'
import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { AlertList, MonitoringPort } from '../port.ts'
import { alertmanagerOptions } from './options.ts'
import { alertRecords } from './records.ts'
import { alerts, silences, status } from './wire.ts'

/** Alertmanager by its API v2: alerts that fire now, and the silences that keep some of them quiet. */
export const alertmanager = defineAdapter<MonitoringPort, typeof alertmanagerOptions>({
  kind: 'alertmanager',
  options: alertmanagerOptions,
  create,
})

/** All of them: an alert that nobody is told of is wrong all the same. */
const EVERY = { active: 'true', silenced: 'true', inhibited: 'true', unprocessed: 'true' }

function create({ source, upstream, state }: AdapterContext<typeof alertmanagerOptions>): MonitoringPort {
  async function ask<T>(path: string, schema: z.ZodType<T>, call: UpstreamCall, query = {}): Promise<T> {
    const response = await upstream.request({ method: 'GET', path: `/api/v2/${path}`, query }, call)
    const parsed = schema.safeParse(response.json())
    if (parsed.success) return parsed.data
    const message = `${source.id} answers ${path} with something that Alertmanager's API v2 does not promise: does "url" lead to an Alertmanager of 0.16 or later?`
    throw new UpstreamError({ source: source.id, reason: 'BAD_RESPONSE', message }, { cause: parsed.error })
  }

  async function read(call: UpstreamCall): Promise<AlertList> {
    const [list, quiet, { uptime, versionInfo }] = await Promise.all([
      ask('alerts', alerts, call, EVERY),
      ask('silences', silences, call),
      ask('status', status, call),
    ])
    state.version = versionInfo.version
    return { alerts: alertRecords(list, quiet, source), startedAt: uptime }
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const { alerts: found } = await read(call)
    const named = found.filter((alert) => alert.named !== null).length
    return {
      version: state.version ?? null,
      can: [`alerts with silences (${found.length} now, ${named} of them name a model)`],
      cannot: ['which rules there are: it holds alerts only'],
    }
  }

  return { probe, alerts: { read } }
}
