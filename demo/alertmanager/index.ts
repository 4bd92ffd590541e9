import { type ListenOptions, listen, type Reply, type StandIn, type StandInRequest } from '../stand-in.ts'
import { fingerprint } from './fingerprint.ts'

type Labels = Readonly<Record<string, string>>

/** An alert as somebody sends it. Times are milliseconds since 1970. */
export interface AlertSpec {
  labels: Labels
  annotations?: Labels
  startsAt: number
  /** The address of the rule. Absent: none was sent. */
  generatorUrl?: string
  /** Fingerprints of the alerts that keep it quiet. */
  inhibitedBy?: readonly string[]
}

/** A silence: every alert with all of these labels is quiet. */
export interface SilenceSpec {
  id: string
  matchers: Labels
  comment: string
  createdBy: string
  startsAt: number
  endsAt: number
}

export interface AlertmanagerOptions extends ListenOptions {
  alerts: readonly AlertSpec[]
  silences?: readonly SilenceSpec[]
  /** When it was started, in milliseconds since 1970; a day ago when absent. */
  startedAt?: number
  /** Milliseconds since 1970, the server's clock. The system's when absent. */
  now?: () => number
}

/** How long an alert lasts when it is not sent again: as Prometheus tells it. */
const LASTS = 240_000

/** Starts a stand-in of Alertmanager 0.25.0's API v2: its alerts, silences and status, as far as they are read. */
export function startAlertmanager({
  alerts,
  silences = [],
  startedAt,
  now = Date.now,
  ...options
}: AlertmanagerOptions): Promise<StandIn> {
  const uptime = startedAt ?? now() - 86_400_000
  return listen(({ path }: StandInRequest): Reply => {
    const { pathname, searchParams } = new URL(path, 'http://alertmanager.example')
    switch (pathname) {
      case '/api/v2/status':
        return json(200, statusOf(uptime))
      case '/api/v2/silences':
        return json(
          200,
          silences.map((silence) => silenceOf(silence, now())),
        )
      case '/api/v2/alerts':
        return listed(
          alerts,
          silences.filter(({ endsAt }) => endsAt > now()),
          searchParams,
        )
      default:
        return {
          status: 404,
          headers: { 'content-type': 'application/json' },
          body: '{"code":404,"message":"path was not found"}',
        }
    }
  }, options)
}

function listed(alerts: readonly AlertSpec[], silences: readonly SilenceSpec[], query: URLSearchParams): Reply {
  const filters = query.getAll('filter').map((filter) => /^(\w+)="(.*)"$/.exec(filter) ?? filter)
  const bad = filters.find((filter) => typeof filter === 'string')
  if (bad !== undefined) return json(400, `bad matcher format: ${bad}`)
  // Whatever is not true is false to it.
  const wanted = (name: string) => (query.get(name) ?? 'true') === 'true'
  const all = alerts
    .map((alert) => alertOf(alert, silences))
    .filter(({ labels }) =>
      filters.every((filter) => typeof filter !== 'string' && labels[filter[1] ?? ''] === filter[2]),
    )
    .filter(
      ({ status }) =>
        (status.silencedBy.length === 0 || wanted('silenced')) &&
        (status.inhibitedBy.length === 0 || wanted('inhibited')) &&
        (status.state !== 'active' || wanted('active')),
    )
  return json(
    200,
    all.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1)),
  )
}

function alertOf(
  { labels, annotations = {}, startsAt, generatorUrl, inhibitedBy = [] }: AlertSpec,
  silences: readonly SilenceSpec[],
) {
  const silencedBy = silences
    .filter(({ matchers }) => Object.entries(matchers).every(([key, value]) => labels[key] === value))
    .map(({ id }) => id)
  const moment = new Date(startsAt).toISOString()
  return {
    annotations,
    endsAt: new Date(startsAt + LASTS).toISOString(),
    fingerprint: fingerprint(labels),
    receivers: [{ name: 'gw' }],
    startsAt: moment,
    status: { inhibitedBy, silencedBy, state: silencedBy.length + inhibitedBy.length > 0 ? 'suppressed' : 'active' },
    updatedAt: moment,
    ...(generatorUrl !== undefined && { generatorURL: generatorUrl }),
    labels,
  }
}

function silenceOf({ id, matchers, comment, createdBy, startsAt, endsAt }: SilenceSpec, now: number) {
  const start = new Date(startsAt).toISOString()
  return {
    id,
    status: { state: endsAt <= now ? 'expired' : 'active' },
    updatedAt: start,
    ...{ comment, createdBy, endsAt: new Date(endsAt).toISOString() },
    matchers: Object.entries(matchers).map(([name, value]) => ({ isEqual: true, isRegex: false, name, value })),
    startsAt: start,
  }
}

function statusOf(uptime: number) {
  return {
    cluster: { peers: [], status: 'disabled' },
    config: { original: 'route:\n  receiver: gw\n' },
    uptime: new Date(uptime).toISOString(),
    versionInfo: {
      ...{ branch: 'debian/sid', buildDate: '20230409-09:50:43', buildUser: 'team+pkg-go@tracker.debian.org' },
      ...{ goVersion: 'go1.19.8', revision: '0.25.0-1+b4', version: '0.25.0' },
    },
  }
}

const json = (status: number, value: unknown): Reply => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})
