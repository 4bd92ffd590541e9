import { type Child, spawn } from './child.ts'
import type { Load, Outcome } from './load.ts'
import { median, type Plan, rounds } from './plan.ts'
import { bodies } from './query.ts'
import type { Usage, Variant } from './subject.ts'
import type { Upstreams } from './upstreams.ts'

/** How a variant does while everything it needs of the sources is in memory. Medians of the rounds. */
export interface Warm {
  readonly variant: Variant
  readonly models: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly p50Alone: number
  readonly cpuMilliseconds: number
  readonly peakMegabytes: number
  readonly callsPerRequest: number
  /** Against the stock gateway in the same round: requests per second, and how much less CPU each takes. */
  readonly timesStock: number
  readonly timesLessCpu: number
}

interface Subject {
  readonly variant: Variant
  readonly child: Child
  readonly url: string
}

const variants: readonly Variant[] = ['stock', 'ours']

/** Measures all variants over so many models, one after the other in turn, in the other order each round. */
export async function measureWarm(models: number, plan: Plan): Promise<Warm[]> {
  const upstream = await spawn('upstreams.ts')
  const upstreams = await upstream.call<Upstreams>('start', { models, delayMilliseconds: 0 })
  const load = await spawn('load.ts')
  const subjects: Subject[] = []
  for (const variant of variants) {
    const child = await spawn('subject.ts')
    subjects.push({ variant, child, url: await child.call<string>('start', { variant, upstreams }) })
    await child.call('read')
  }
  const asked = bodies(await cursors(subjects[0]?.url ?? ''))
  for (const { url } of subjects) await load.call<Outcome>('run', under(url, asked, 2, plan.warmUpSeconds))

  const found = await rounds(plan.rounds, subjects, async ({ variant, child, url }) => {
    await upstream.call('calls')
    const before = await child.call<Usage>('usage')
    const many = await load.call<Outcome>('run', under(url, asked, 10, plan.seconds))
    const after = await child.call<Usage>('usage')
    const calls = await upstream.call<number>('calls')
    const alone = await load.call<Outcome>('run', under(url, asked, 1, plan.seconds / 2))
    return {
      ...{ variant, perSecond: many.perSecond, p50: many.p50, p99: many.p99, p50Alone: alone.p50 },
      cpuMilliseconds: (after.cpuMilliseconds - before.cpuMilliseconds) / many.requests,
      peakMegabytes: after.peakMegabytes,
      callsPerRequest: calls / many.requests,
    }
  })
  await Promise.all([upstream, load, ...subjects.map(({ child }) => child)].map((child) => child.stop()))
  const of = (variant: Variant) => found.filter((one) => one.variant === variant)
  return variants.map((variant) => {
    const measured = of(variant).map((one, round) => {
      const stock = of('stock')[round] ?? one
      const timesStock = one.perSecond / stock.perSecond
      return { ...one, timesStock, timesLessCpu: stock.cpuMilliseconds / one.cpuMilliseconds }
    })
    return { variant, models, ...median(measured) }
  })
}

function under(url: string, asked: readonly string[], connections: number, seconds: number): Load {
  return { url, bodies: asked, connections, seconds }
}

/** Where pages start that are as long as the first; none where there is only one. */
async function cursors(url: string): Promise<string[]> {
  const found: string[] = []
  let after: string | null = null
  do {
    const query =
      'query ($after: String) { models(first: 500, after: $after) { edges { cursor } pageInfo { endCursor } } }'
    const response: Response = await fetch(`${url}/graphql`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify({ query, variables: { after } }),
    })
    const { data } = (await response.json()) as {
      data: { models: { edges: { cursor: string }[]; pageInfo: { endCursor: string | null } } }
    }
    found.push(...data.models.edges.map(({ cursor }) => cursor))
    after = data.models.pageInfo.endCursor
  } while (after !== null)
  return found.slice(0, -50)
}
