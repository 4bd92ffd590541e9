import { Agent, request } from 'undici'
import { serve } from './child.ts'
import { PAGE } from './query.ts'
import type { Upstreams } from './upstreams.ts'

interface Model {
  readonly name: string
  readonly aliases?: readonly { alias: string; version: string }[]
}

serve({
  /**
   * What the portfolio query tells, asked of the tools themselves by a script: models, then of each its champion's version,
   * run, readiness and metadata on the server; so many models at a time. Tells milliseconds taken and used.
   */
  async run({ upstreams, atOnce }: { upstreams: Upstreams; atOnce: number }) {
    const dispatcher = new Agent({ connections: 128 })
    const get = async <T>(url: string): Promise<T> => {
      const { body } = await request(url, { dispatcher })
      return (await body.json().catch(() => ({}))) as T
    }
    const api = `${upstreams.mlflow}/api/2.0/mlflow`
    const [used, asked] = [process.cpuUsage(), performance.now()]

    const { registered_models } = await get<{ registered_models: Model[] }>(
      `${api}/registered-models/search?max_results=${PAGE}`,
    )
    const rows: object[] = []
    const waiting = [...registered_models]
    const worker = async () => {
      for (let model = waiting.shift(); model; model = waiting.shift()) rows.push(await row(model))
    }
    const row = async ({ name, aliases }: Model) => {
      const champion = aliases?.find(({ alias }) => alias === 'champion')?.version
      if (champion === undefined) return { name }
      const { model_version } = await get<{ model_version: { run_id: string } }>(
        `${api}/model-versions/get?name=${name}&version=${champion}`,
      )
      const run = await get(`${api}/runs/get?run_id=${model_version.run_id}`)
      const served = `${upstreams.server}/v2/models/${name}/versions/${champion}`
      const { status } = await request(`${served}/ready`, { dispatcher }).then(async ({ statusCode, body }) => {
        await body.dump()
        return { status: statusCode }
      })
      const metadata = status === 200 ? await get(served) : undefined
      return { name, champion, model_version, run, ready: status === 200, metadata }
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
    const bytes = JSON.stringify(rows).length

    const milliseconds = performance.now() - asked
    const { user, system } = process.cpuUsage(used)
    await dispatcher.close()
    const peakMegabytes = process.resourceUsage().maxRSS / 1_024
    return { milliseconds, bytes, cpuMilliseconds: (user + system) / 1_000, peakMegabytes }
  },
})
