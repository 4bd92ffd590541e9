import { UpstreamError } from '#lib/upstream/error.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { TrafficPort, TrafficQuestion, TrafficRecord } from '../port.ts'
import { query, type Server } from './ask.ts'
import { expressions } from './expressions.ts'
import type { WatchOptions } from './options.ts'
import { type Preset, presets } from './presets.ts'
import { oneOf, quoted, together } from './promql.ts'
import { saturationOf, seriesByModel } from './series.ts'
import type { Point } from './wire.ts'

/** Characters of a query, escaped for an address: proxies refuse addresses above 8 kB. */
const LONGEST = 6_000

/** The traffic of what is watched: one query for all models of a watch and window. */
export function trafficPort(server: Server, watches: readonly WatchOptions[]): TrafficPort {
  const watched = watches.map((watch) => {
    const { preset, metrics = {}, ...rest } = watch
    return { ...rest, metrics: withOwn(preset === undefined ? NOTHING : presets[preset], metrics) }
  })

  async function readTogether(questions: readonly TrafficQuestion[], call: UpstreamCall): Promise<TrafficRecord[]> {
    const [{ watch: place, windowSeconds } = NO_QUESTION] = questions
    const watch = watched[place]
    if (!watch) throw new Error(`There is no watch ${place}`)
    const { selector, metrics, source } = watch
    const names = [...new Set(questions.map(({ model }) => model))]
    const among = (matcher: string) => together(expressions({ selector, metrics, windowSeconds, matcher }))
    const narrow = among(`,${metrics.modelLabel}=~${quoted(oneOf(names))}`)
    // Where the names do not fit, all models are read and the wanted ones taken.
    const expression = encodeURIComponent(narrow).length <= LONGEST ? narrow : among('')
    const { result, partial } = await query(server, expression, `the traffic on ${source}`, call)
    const byModel = seriesByModel(result, metrics)
    const at = 1_000 * (result[0]?.at ?? Date.now() / 1_000)
    const targets = targetsIn(result)
    return questions.map(({ model }) => ({
      ...{ at, targets, partial, series: byModel.get(model) ?? [] },
      saturation: saturationOf(result, metrics, model),
    }))
  }

  return {
    watches: watched.map(({ source, endpoint, metrics: { errors, spent, histogram, summary } }) => ({
      ...{ source, endpoint: endpoint ?? null },
      tells: { errors: errors !== null, latency: (spent ?? histogram ?? summary) !== null },
    })),
    async read(questions, call) {
      const groups = Map.groupBy(questions, ({ watch, windowSeconds }) => `${watch} ${windowSeconds}`)
      const answers = new Map<TrafficQuestion, TrafficRecord | UpstreamError>()
      await Promise.all(
        [...groups.values()].map(async (group) => {
          const records = await readTogether(group, call).catch(asFailure)
          for (const [i, question] of group.entries()) {
            const record = records instanceof UpstreamError ? records : records[i]
            if (record) answers.set(question, record)
          }
        }),
      )
      return questions.map((question) => answers.get(question) ?? unanswered(server.id))
    },
  }
}

const NOTHING: Preset = {
  ...{ modelLabel: '', versionLabel: null, unversioned: null, requests: [] },
  ...{ errors: null, spent: null, histogram: null, summary: null, saturation: null },
}

/** A preset with what is configured in its place. */
function withOwn(preset: Preset, own: NonNullable<WatchOptions['metrics']>): Preset {
  return { ...preset, ...(Object.fromEntries(Object.entries(own).filter(([, value]) => value)) as Partial<Preset>) }
}

const NO_QUESTION: TrafficQuestion = { watch: -1, model: '', windowSeconds: 0 }

/** Failures of the source are answers; others are faults of ours. */
function asFailure(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error
  throw error
}

function unanswered(source: string): UpstreamError {
  return new UpstreamError({ source, reason: 'BAD_RESPONSE', message: `${source} did not answer this.` })
}

function targetsIn(points: readonly Point[]): TrafficRecord['targets'] {
  const of = (key: string) => points.find(({ labels }) => labels.__q === key)?.value
  const [known, up] = [of('targets'), of('up')]
  return known === undefined || up === undefined ? null : { known, up }
}
