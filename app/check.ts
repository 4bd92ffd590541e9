import { styleText } from 'node:util'
import { pino } from 'pino'
import type { Capabilities } from '#lib/adapter.ts'
import { readConfiguration } from '#lib/config/read.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import { createState } from '#lib/state/create.ts'
import { StateError } from '#lib/state/error.ts'
import type { OpenableState } from '#lib/state/state.ts'
import { makeSchemas } from '#lib/subgraph.ts'
import { UpstreamError } from '#lib/upstream/error.ts'
import { createSubgraphs, graphToCome } from './graph.ts'
import { kinds } from './kinds.ts'
import { composeTeamGraph, keptFolder } from './team-subgraphs.ts'

/** What one source answered; `--json` prints a list of these. */
interface Checked {
  readonly id: string
  readonly kind: string
  readonly ok: boolean
  readonly version: string | null
  readonly milliseconds: number
  readonly can: readonly string[]
  readonly cannot: readonly string[]
  /** What failed and what to do; null: nothing did. */
  readonly problem: string | null
}

/** `modelops check`: asks every configured source, prints what came of it, and fails when one did. */
export async function check({ config: configPath, json }: { config?: string; json?: boolean }): Promise<void> {
  const { config, origin } = await readConfiguration({ configPath, env: process.env, cwd: process.cwd(), kinds })
  if (origin.kind === 'none') {
    console.error('Nothing is configured: write a modelops.yaml (docs/configuration.md), or set MLFLOW_TRACKING_URI.')
    process.exitCode = 1
    return
  }
  const log = pino({ level: 'silent' })
  const { supergraphSdl, refused } = await composeTeamGraph({
    config,
    folder: keptFolder(origin),
    env: process.env,
    log,
  })
  for (const { words } of refused) console.error(words)
  const state = createState(config.state)
  const subgraphs = createSubgraphs(config, { log, graph: graphToCome().graph, state, supergraphSdl })
  await makeSchemas(subgraphs)
  const sources = subgraphs.flatMap((subgraph) => [...subgraph.sources, ...(subgraph.alsoAsked ?? [])])
  const kind = config.state.postgres ? 'postgresql' : 'sqlite'
  const checked = await Promise.all([
    ...[...Map.groupBy(sources, ({ id }) => id).values()].map(checkSource),
    checkState(state, kind),
  ])
  await Promise.all(subgraphs.map((subgraph) => subgraph.close()))
  await state.close()
  console.log(json ? JSON.stringify(checked, null, 2) : printed(checked))
  if (refused.length > 0 || checked.some(({ ok }) => !ok)) process.exitCode = 1
}

/** Asks one source as each subgraph that reads it does, and puts together what they found. */
async function checkSource(asAsked: readonly ConnectedSource[]): Promise<Checked> {
  const all = await Promise.all(asAsked.map(checkOnce))
  const [first] = all
  if (!first) throw new Error('a source is asked by some subgraph')
  const problems = [...new Set(all.flatMap(({ problem }) => problem ?? []))]
  return {
    ...{ id: first.id, kind: first.kind, ok: all.every(({ ok }) => ok) },
    version: all.map(({ version }) => version).find((version) => version !== null) ?? null,
    milliseconds: Math.max(...all.map(({ milliseconds }) => milliseconds)),
    can: all.flatMap(({ can }) => can),
    cannot: all.flatMap(({ cannot }) => cannot),
    problem: problems.length === 0 ? null : problems.join(' '),
  }
}

async function checkOnce({ id, kind, port }: ConnectedSource): Promise<Checked> {
  const start = performance.now()
  const took = () => Math.round(performance.now() - start)
  try {
    const capabilities: Capabilities = await port.probe({ signal: AbortSignal.timeout(60_000), purpose: 'index' })
    return { id, kind, ok: true, milliseconds: took(), problem: null, ...capabilities }
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error
    return { id, kind, ok: false, version: null, milliseconds: took(), can: [], cannot: [], problem: error.message }
  }
}

/** Opens the state, which makes it where there is none, as the gateway does. */
async function checkState(state: OpenableState, kind: string): Promise<Checked> {
  const start = performance.now()
  const took = () => Math.round(performance.now() - start)
  const of = { id: 'state', kind, version: null, cannot: [] }
  try {
    const { sequence } = await state.head()
    const can = [`keep attestations, waivers, use cases, gate decisions and observations (${sequence} so far)`]
    return { ...of, ok: true, milliseconds: took(), can, problem: null }
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    return { ...of, ok: false, milliseconds: took(), can: [], problem: error.message }
  }
}

function printed(checked: readonly Checked[]): string {
  const head = ['source', 'kind', 'reachable', 'version', 'took']
  const rows = checked.map(({ id, kind, ok, version, milliseconds }) => [
    id,
    kind,
    ok ? 'yes' : 'NO',
    version ?? '–',
    `${milliseconds} ms`,
  ])
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()
  const lines = checked.flatMap(({ can, cannot, problem, ok }, i) => [
    styleText(ok ? 'green' : 'red', line(rows[i] ?? [])),
    ...(can.length > 0 ? [`    can: ${can.join('; ')}`] : []),
    ...cannot.map((one) => `    cannot: ${one}`),
    ...(problem === null ? [] : [`    ${problem}`]),
  ])
  return [styleText('bold', line(head)), ...lines].join('\n')
}
