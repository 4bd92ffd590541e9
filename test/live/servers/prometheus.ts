import { mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { programOf } from './debian.ts'
import type { RealServer } from './mlflow.ts'
import { freePorts } from './ports.ts'
import { startProcess } from './process.ts'

/** Seconds between two scrapes. */
const SCRAPE = 1

/** A running Prometheus, and what it scrapes. */
export type RealPrometheus = RealServer & {
  /** The PromQL's vector now: value by the labels' JSON. */
  query(expression: string): Promise<Record<string, number>>
  /** Makes a job fail to be scraped from now on. */
  fail(job: string): void
}

/**
 * Starts a real Prometheus that scrapes jobs from a small server of this process, `metrics(job)` each second. Throws where
 * the Debian package `prometheus` is not installed.
 */
export async function startRealPrometheus(
  jobs: readonly string[],
  metrics: (job: string) => string,
): Promise<RealPrometheus> {
  const command = programOf('prometheus', 'prometheus')
  const failing = new Set<string>()
  const exporter = createServer(({ url = '' }, response) => {
    const job = url.slice(1)
    response.statusCode = failing.has(job) ? 500 : 200
    response.end(failing.has(job) ? '' : metrics(job))
  })
  await new Promise<void>((resolve) => exporter.listen(0, '127.0.0.1', resolve))
  const target = `127.0.0.1:${(exporter.address() as AddressInfo).port}`
  const cwd = await mkdtemp(join(tmpdir(), 'prometheus-'))
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  await writeFile(join(cwd, 'prometheus.json'), JSON.stringify(configOf(jobs, target)))
  const { stop } = await startProcess({
    ...{ name: 'Prometheus', command, cwd, env: {}, timeoutMs: 20_000 },
    args: ['--config.file=prometheus.json', '--storage.tsdb.path=data', `--web.listen-address=127.0.0.1:${port}`],
    ready: async () => (await fetch(`${url}/-/ready`)).ok,
  })
  const build = await fetch(`${url}/api/v1/status/buildinfo`)
  const { data } = (await build.json()) as { data: { version: string } }
  return {
    ...{ url, version: data.version },
    fail: (job) => {
      failing.add(job)
    },
    query: async (expression) => {
      const answer = await fetch(`${url}/api/v1/query?${new URLSearchParams({ query: expression })}`)
      const { data: found } = (await answer.json()) as {
        data: { result: { metric: object; value: [number, string] }[] }
      }
      return Object.fromEntries(found.result.map(({ metric, value }) => [JSON.stringify(metric), Number(value[1])]))
    },
    stop: async () => {
      await stop()
      exporter.closeAllConnections()
      await new Promise((resolve) => exporter.close(resolve))
    },
  }
}

/** JSON is YAML too. */
function configOf(jobs: readonly string[], target: string): object {
  return {
    global: { scrape_interval: `${SCRAPE}s`, scrape_timeout: `${SCRAPE}s` },
    scrape_configs: jobs.map((job) => ({
      ...{ job_name: job, metrics_path: `/${job}`, honor_labels: false },
      static_configs: [{ targets: [target] }],
    })),
  }
}
