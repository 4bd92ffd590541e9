import { spawn } from './child.ts'
import { median, type Plan, rounds } from './plan.ts'
import { bodies } from './query.ts'
import type { Usage, Variant } from './subject.ts'
import type { Upstreams } from './upstreams.ts'

/** Who answers the first question, with nothing known yet. */
const askers = ['one by one', 'ten at a time', 'stock', 'ours'] as const
type Asker = (typeof askers)[number]

/** How long the first answer takes with tools that take a while. Medians of the rounds. */
export interface Cold {
  readonly asker: Asker
  readonly models: number
  readonly milliseconds: number
  readonly cpuMilliseconds: number
  readonly peakMegabytes: number
  readonly calls: number
}

/** What a tool in another room takes. */
export const delayMilliseconds = 20

const atOnce: Partial<Record<Asker, number>> = { 'one by one': 1, 'ten at a time': 10 }

/** Asks once in a new process each time. */
export async function measureCold(models: number, plan: Plan): Promise<Cold[]> {
  const upstream = await spawn('upstreams.ts')
  const upstreams = await upstream.call<Upstreams>('start', { models, delayMilliseconds })
  const found = await rounds(plan.rounds, askers, async (asker) => {
    await upstream.call('calls')
    const few = atOnce[asker]
    const took = few === undefined ? await gateway(asker as Variant, upstreams) : await script(few, upstreams)
    return { asker, ...took, calls: await upstream.call<number>('calls') }
  })
  await upstream.stop()
  return askers.map((asker) => ({ asker, models, ...median(found.filter((one) => one.asker === asker)) }))
}

type Took = Pick<Cold, 'milliseconds' | 'cpuMilliseconds' | 'peakMegabytes'>

async function script(few: number, upstreams: Upstreams): Promise<Took> {
  const child = await spawn('rest.ts')
  const took = await child.call<Took>('run', { upstreams, atOnce: few })
  await child.stop()
  return took
}

async function gateway(variant: Variant, upstreams: Upstreams): Promise<Took> {
  const child = await spawn('subject.ts')
  const url = await child.call<string>('start', { variant, upstreams })
  const before = await child.call<Usage>('usage')
  const [body = ''] = bodies([])
  const asked = performance.now()
  const response = await fetch(`${url}/graphql`, {
    ...{ method: 'POST', body, headers: { 'content-type': 'application/json' } },
  })
  const text = await response.text()
  const milliseconds = performance.now() - asked
  // Runs that are gone are part of what is asked; whatever else is missing would make it quicker.
  if (/"errors":\[|"reason":"(?!UNMATCHED)/.test(text)) throw new Error(`${variant}: ${text.slice(0, 500)}`)
  const after = await child.call<Usage>('usage')
  await child.stop()
  return {
    milliseconds,
    cpuMilliseconds: after.cpuMilliseconds - before.cpuMilliseconds,
    peakMegabytes: after.peakMegabytes,
  }
}
