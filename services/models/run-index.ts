import type { Link } from '#lib/common.generated.ts'
import { type DatasetNaming, datasetId } from '#lib/dataset-name.ts'
import type { RunRecord } from './port.ts'
import type { RegistryIndex } from './registry-index.ts'

/** What is held of every run that a registered version names, as it can be shared. */
export interface RunFacts {
  readonly runId: string
  /** null: the tool has no such run. */
  readonly run: { readonly endedAt: number | null; readonly datasets: readonly DatasetUseEntry[] } | null
}

/** One use of a dataset by a run. */
export interface DatasetUseEntry {
  /** Id of the source. */
  readonly source: string
  readonly runId: string
  /** Milliseconds since 1970. */
  readonly startedAt: number | null
  readonly context: string | null
  readonly digest: string | null
  /** Id of the dataset. */
  readonly dataset: string
  readonly link: Link
}

/** Runs by what others ask for them by. */
export interface RunIndex {
  readonly runs: ReadonlyMap<string, RunFacts>
  readonly usesByDataset: ReadonlyMap<string, readonly DatasetUseEntry[]>
}

/** Runs asked for at once while the index is built, so that their records need not all be held at one time. */
const BATCH = 2_000

/**
 * Reads the runs that versions name. What has ended does not change where it matters here, so of a run that is known to have
 * ended nothing is read again.
 */
export async function readRunFacts(
  { versionsByRun }: RegistryIndex,
  previous: RunIndex | undefined,
  source: string,
  naming: DatasetNaming,
  read: (runIds: readonly string[]) => Promise<readonly (RunRecord | null | Error)[]>,
): Promise<RunFacts[]> {
  const facts: RunFacts[] = []
  const open: string[] = []
  for (const runId of versionsByRun.keys()) {
    const known = previous?.runs.get(runId)
    if (known?.run && known.run.endedAt !== null) facts.push(known)
    else open.push(runId)
  }
  for (let start = 0; start < open.length; start += BATCH) {
    const ids = open.slice(start, start + BATCH)
    const records = await read(ids)
    for (const [i, runId] of ids.entries()) {
      const record = records[i] ?? null
      if (record instanceof Error) throw record
      facts.push({ runId, run: record && { endedAt: record.endedAt, datasets: usesOf(source, naming, record) } })
    }
  }
  return facts
}

/** Builds the index of runs. */
export function buildRunIndex(facts: readonly RunFacts[]): RunIndex {
  const uses = facts.flatMap(({ run }) => run?.datasets ?? [])
  return {
    runs: new Map(facts.map((one) => [one.runId, one])),
    usesByDataset: Map.groupBy(uses, ({ dataset }) => dataset),
  }
}

function usesOf(source: string, naming: DatasetNaming, { runId, startedAt, inputs }: RunRecord): DatasetUseEntry[] {
  return (inputs ?? []).flatMap(({ location, context, digest }) => {
    const found = location === null ? undefined : naming.at(location)
    if (!found) return []
    return [{ source, runId, startedAt, context, digest, dataset: datasetId(found.key), link: found.link }]
  })
}
