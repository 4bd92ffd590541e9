import { Pool } from 'undici'
import { serve } from './child.ts'

/** How to ask. */
export interface Load {
  readonly url: string
  readonly bodies: readonly string[]
  readonly connections: number
  readonly seconds: number
}

/** What came of it. Times in milliseconds. */
export interface Outcome {
  readonly requests: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

serve({
  /** As many requests as there are answers for, on so many connections, one at a time on each. Throws on an answer with errors. */
  async run({ url, bodies, connections, seconds }: Load): Promise<Outcome> {
    const pool = new Pool(url, { connections, pipelining: 1 })
    const took: number[] = []
    const start = performance.now()
    const end = start + seconds * 1_000
    let next = 0
    const worker = async () => {
      while (performance.now() < end) {
        const body = bodies[next++ % bodies.length] ?? ''
        const asked = performance.now()
        const answer = await pool.request({
          ...{ path: '/graphql', method: 'POST', body, headers: { 'content-type': 'application/json' } },
        })
        const text = await answer.body.text()
        took.push(performance.now() - asked)
        if (answer.statusCode !== 200 || text.startsWith('{"errors"') || text.includes('"errors":['))
          throw new Error(`${answer.statusCode}: ${text.slice(0, 500)}`)
      }
    }
    await Promise.all(Array.from({ length: connections }, worker))
    const perSecond = took.length / ((performance.now() - start) / 1_000)
    await pool.close()
    took.sort((a, b) => a - b)
    const at = (part: number) => took[Math.min(took.length - 1, Math.floor(took.length * part))] ?? Number.NaN
    return { requests: took.length, perSecond, p50: at(0.5), p99: at(0.99) }
  },
})
