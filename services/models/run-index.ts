import type { Link } from '#lib/common.generated.ts'
import type { Config } from '#lib/config/schema.ts'
import { bareName, type DatasetNaming, datasetId } from '#lib/dataset-name.ts'
import { pipelineRunKey } from '#lib/pipeline-run-url.ts'
import { commitSha, repositoryAddress } from '#lib/repository-url.ts'
import { codeOf } from './code.ts'
import type { RunRecord } from './port.ts'
import type { RegistryIndex, VersionEntry } from './registry-index.ts'
import type { StatedOf } from './stated-repository.ts'

/** What is held of every run that a registered version names, as it can be shared. */
export interface RunFacts {
  readonly runId: string
  /** null: the tool has no such run. */
  readonly run: {
    readonly endedAt: number | null
    readonly datasets: readonly DatasetUseEntry[]
    /** Inputs that are no dataset, by what they can be guessed from. */
    readonly bare: readonly BareUseEntry[]
    readonly code: CodeUseEntry
  } | null
}

/** The code that a run recorded, in the form in which others ask for it. */
export interface CodeUseEntry {
  /** Id of the source. */
  readonly source: string
  readonly runId: string
  /** Milliseconds since 1970. */
  readonly startedAt: number | null
  /** Name of its experiment. null: not known. */
  readonly experiment: string | null
  /** Canonical address. null: none that is on a host. */
  readonly repository: string | null
  /** Whether it recorded no repository at all, so that its commit can be of any. */
  readonly isAlone: boolean
  /** As recorded, in lower case; may be short. null: none. */
  readonly sha: string | null
  /** As `pipelineRunKey` has it. null: no address of a CI run. */
  readonly pipelineRun: string | null
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

/** One use of something that a run called by a bare name. */
interface BareUseEntry extends Omit<DatasetUseEntry, 'dataset' | 'link'> {
  /** As `bareName` has it. */
  readonly bareName: string
}

/** Runs by what others ask for them by. */
export interface RunIndex {
  readonly runs: ReadonlyMap<string, RunFacts>
  readonly usesByDataset: ReadonlyMap<string, readonly DatasetUseEntry[]>
  readonly usesByBareName: ReadonlyMap<string, readonly BareUseEntry[]>
  /** Those with a SHA, of the repository that they recorded, else of the one that the configuration states. */
  readonly codeByRepository: ReadonlyMap<string, readonly CodeUseEntry[]>
  /** Those that recorded a SHA and no repository, and of which none is stated, by the beginning of the SHA (`shaKey`). */
  readonly codeBySha: ReadonlyMap<string, readonly CodeUseEntry[]>
  readonly codeByPipelineRun: ReadonlyMap<string, readonly CodeUseEntry[]>
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
  reading: FactsReading,
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
      facts.push({ runId, run: record && factsOf(record, reading) })
    }
  }
  return facts
}

/** What runs by their SHA alone are kept under: as much of it as the shortest that counts has. */
export const shaKey = (sha: string): string => sha.slice(0, 4)

/** Builds the index of runs. Whether a repository is stated for one depends on the models it made versions of by now. */
export function buildRunIndex(
  facts: readonly RunFacts[],
  { versionsByRun }: Pick<RegistryIndex, 'versionsByRun'>,
  statedOf: StatedOf,
): RunIndex {
  const uses = facts.flatMap(({ run }) => run?.datasets ?? [])
  const code = facts
    .flatMap(({ run }) => run?.code ?? [])
    .map((use): CodeUseEntry => {
      const models = modelsOf(versionsByRun.get(use.runId) ?? [])
      const stated = use.isAlone ? statedOf({ ...use, models }) : undefined
      return stated ? { ...use, repository: stated.repositoryUrl, isAlone: false } : use
    })
  return {
    runs: new Map(facts.map((one) => [one.runId, one])),
    usesByDataset: Map.groupBy(uses, ({ dataset }) => dataset),
    usesByBareName: Map.groupBy(
      facts.flatMap(({ run }) => run?.bare ?? []),
      (use) => use.bareName,
    ),
    codeByRepository: byKey(code, ({ repository, sha }) => sha && repository),
    codeBySha: byKey(code, ({ sha, isAlone }) => (sha !== null && isAlone ? shaKey(sha) : null)),
    codeByPipelineRun: byKey(code, ({ pipelineRun }) => pipelineRun),
  }
}

/** Names of the models that versions are of. */
export function modelsOf(versions: readonly VersionEntry[]): readonly string[] {
  return [...new Set(versions.map(({ model }) => model.record.name))]
}

function byKey(code: readonly CodeUseEntry[], key: (use: CodeUseEntry) => string | null) {
  const keyed = code.flatMap((use) => {
    const value = key(use)
    return value ? [{ use, value }] : []
  })
  const groups = [...Map.groupBy(keyed, ({ value }) => value)]
  return new Map(groups.map(([value, group]) => [value, group.map(({ use }) => use)]))
}

/** What facts are made with. */
interface FactsReading {
  /** Id of the source. */
  readonly source: string
  readonly naming: DatasetNaming
  readonly config: Pick<Config, 'tags'>
}

function factsOf(record: RunRecord, { source, naming, config }: FactsReading): RunFacts['run'] {
  const { runId, startedAt, endedAt, experiment } = record
  const { repositoryUrl, sha, pipelineRunUrl } = codeOf(record, config) ?? {}
  const code: CodeUseEntry = {
    ...{ source, runId, startedAt, experiment: experiment.name, isAlone: !repositoryUrl },
    repository: (repositoryUrl && repositoryAddress(repositoryUrl)?.url) || null,
    sha: (sha && commitSha(sha)?.sha) || null,
    pipelineRun: (pipelineRunUrl && pipelineRunKey(pipelineRunUrl)) || null,
  }
  return { endedAt, ...usesOf(source, naming, record), code }
}

function usesOf(
  source: string,
  naming: DatasetNaming,
  { runId, startedAt, inputs }: RunRecord,
): { datasets: DatasetUseEntry[]; bare: BareUseEntry[] } {
  const datasets: DatasetUseEntry[] = []
  const bare: BareUseEntry[] = []
  for (const input of inputs ?? []) {
    const { context, digest } = input
    const use = { source, runId, startedAt, context, digest }
    const found = naming.read(input)
    const name = found ? undefined : bareName(input)
    if (found) datasets.push({ ...use, dataset: datasetId(found.key), link: found.link })
    if (name !== undefined) bare.push({ ...use, bareName: name })
  }
  return { datasets, bare }
}
