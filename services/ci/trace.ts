import { withoutCredentials } from '#lib/address.ts'
import type { Incomplete, Link } from '#lib/common.generated.ts'
import type { RequestContext } from '#lib/context.ts'
import { trust } from '#lib/matching.ts'
import { pipelineRunKey } from '#lib/pipeline-run-url.ts'
import { within } from '#lib/pipeline-window.ts'
import { missingFrom } from '#lib/reading.ts'
import { commitSha, type RepositoryAddress, repositoryAddress } from '#lib/repository-url.ts'
import { type CommitEntry, commitEntry, completeSha, gather } from './commit.ts'
import { keyOf } from './forge.ts'
import type { Forges, Place } from './forges.ts'
import { type PipelineRunEntry, pipelineRunEntry, soleWindowsOf, windowOf } from './pipeline-run.ts'
import type { RunKey } from './port.ts'
import { findCommit } from './where.ts'

/** What a training run recorded, as the models subgraph hands it over. */
export interface Recorded {
  readonly id: string
  readonly code?: Partial<Record<'repositoryUrl' | 'sha' | 'pipelineRunUrl', string | null>> | null
  readonly startedAt?: string | null
  /** What the configuration says of it. */
  readonly statedCode?: { readonly repositoryUrl: string; readonly of: string } | null
}

/** What something recorded leads to, on what evidence; or why to nothing. */
export interface Trace<T> {
  readonly to: { readonly entry: T; readonly link: Link } | null
  readonly incomplete: readonly Incomplete[]
}

/** The run itself recorded the address of its CI run. */
const RECORDED_URL = 0.95
/** Commit and time fit, and nothing else does. */
const ONLY_ONE_THEN = 0.6

const NOTHING = { to: null, incomplete: [] }

/** The commit that a training run says it was made from. */
export async function traceCommit(
  forges: Forges,
  { code, statedCode }: Recorded,
  context: RequestContext,
): Promise<Trace<CommitEntry>> {
  if (!code?.sha) return NOTHING
  const sha = commitSha(code.sha)
  if (!sha) return lost('The run recorded a commit that is no SHA.')
  if (!code.repositoryUrl) {
    const stated = statedCode ? repositoryAddress(statedCode.repositoryUrl) : undefined
    if (!statedCode || !stated) return findCommit(forges, sha.sha, context)
    const why = `the run recorded commit ${sha.sha}, and the configuration says that runs ${statedCode.of} are made from ${stated.url}`
    return atAddress(forges, stated, sha, { method: 'CONFIGURED', said: why }, context)
  }
  const address = repositoryAddress(code.repositoryUrl)
  if (!address) return lost(`The run recorded the commit ${sha.sha} of a repository that is on no host.`)
  const said = `the run recorded commit ${sha.sha} of ${address.url}`
  return atAddress(forges, address, sha, { method: 'DECLARED', said }, context)
}

/** A commit of a repository that somebody says. */
async function atAddress(
  forges: Forges,
  address: RepositoryAddress,
  sha: { readonly sha: string; readonly full: boolean },
  { method, said }: { readonly method: 'DECLARED' | 'CONFIGURED'; readonly said: string },
  context: RequestContext,
): Promise<Trace<CommitEntry>> {
  if (sha.full) return found(commitEntry(address, sha.sha), method, trust[method], said)
  const { full, knownBy, incomplete } = await completeSha(forges, address, sha.sha, context)
  if (full === null) return { to: null, incomplete }
  const evidence = `${said}, and ${quoted(knownBy)} has one commit that begins so: ${full}`
  return found(commitEntry(address, full), 'MATCHED', trust.MATCHED, evidence)
}

/** The CI run that started a training run: by its address, else by commit and time. */
export async function tracePipelineRun(
  forges: Forges,
  recorded: Recorded,
  context: RequestContext,
): Promise<Trace<PipelineRunEntry>> {
  const commit = (await traceCommit(forges, recorded, context)).to?.entry
  const url = recorded.code?.pipelineRunUrl
  if (url) return byUrl(forges, withoutCredentials(url), commit, context)
  const startedAt = recorded.startedAt ? Date.parse(recorded.startedAt) : Number.NaN
  return commit && !Number.isNaN(startedAt) ? byTime(forges, commit, startedAt, context) : NOTHING
}

async function byUrl(
  forges: Forges,
  url: string,
  commit: CommitEntry | undefined,
  context: RequestContext,
): Promise<Trace<PipelineRunEntry>> {
  const key = pipelineRunKey(url)
  if (key === undefined) return lost('The run recorded an address of its CI run that is none of a web page.')
  const [host = ''] = key.split('/', 1)
  const path = key.slice(host.length + 1)
  const { seen, incomplete } = forges.all(context)
  const places = seen.flatMap((forge) => {
    const { runAt, places } = forge.connected.port
    const run = runAt(path)
    const repository =
      run && places.repositoryOf({ host, path: run.repository, url: `https://${host}/${run.repository}` })
    return run && repository !== undefined ? [{ forge, repository, run: run.run }] : []
  })
  if (places.length === 0) {
    const message = `The run recorded ${url} as its CI run, which is none of a configured source: add the tool under sources, or ${host} to its hosts.`
    return { to: null, incomplete: [...incomplete, { source: null, reason: 'NOT_CONFIGURED', message, count: 1 }] }
  }
  const read = await Promise.all(places.map((place) => readRun(forges, place, commit, context)))
  const entry = read.find(({ entry }) => entry && isAt(entry, path))?.entry
  if (entry) return found(entry, 'DECLARED', RECORDED_URL, `the run recorded ${url}`)
  const failed = read.flatMap(({ reading }) => missingFrom(reading, `the CI run ${url}`))
  if (failed.length > 0) return { to: null, incomplete: failed }
  return lost(
    `The run recorded ${url} as its CI run, and ${quoted(places.map(({ forge }) => forge.id))} has no such run, any more or for the gateway's account.`,
  )
}

/** One run: with the others of its commit where that is known, since those are read in one batch for many commits. */
async function readRun(
  forges: Forges,
  { forge, repository, run }: Place & RunKey,
  commit: CommitEntry | undefined,
  context: RequestContext,
) {
  const loaders = forges.loaders(forge, context)
  if (commit && forge.connected.port.places.repositoryOf(commit.address) === repository) {
    const reading = await loaders.part({ repository, sha: commit.sha }, 'runs')
    const record = reading.value?.runs.find((one) => one.run === run)
    if (record) return { reading, entry: pipelineRunEntry(forge, record, reading) }
  }
  const reading = await loaders.runs.load(keyOf(repository, run))
  return { reading, entry: reading.value ? pipelineRunEntry(forge, reading.value, reading) : undefined }
}

/** Whether a run's own page is where the recorded address leads: some versions of Gitea number pages otherwise than runs. */
function isAt({ record: { webUrl } }: PipelineRunEntry, path: string): boolean {
  const key = webUrl === null ? undefined : pipelineRunKey(webUrl)
  return key === undefined || key.slice(key.indexOf('/') + 1) === path
}

async function byTime(
  forges: Forges,
  commit: CommitEntry,
  startedAt: number,
  context: RequestContext,
): Promise<Trace<PipelineRunEntry>> {
  const { told, incomplete } = await gather(forges, commit, 'runs', 'the CI runs of the commit', context)
  const underWay = told.flatMap(({ place: { forge }, value: { runs }, reading }) =>
    runs
      .filter((run) => within(startedAt, [windowOf(run) ?? []].flat()))
      .map((run) => ({ forge, run, reading, isSole: within(startedAt, soleWindowsOf(run, runs)) })),
  )
  const [sole, ...others] = underWay.filter(({ isSole }) => isSole)
  if (sole && others.length === 0) {
    const { forge, run, reading } = sole
    const evidence = `${run.name} was the only CI run of commit ${commit.sha} at "${forge.id}" under way when the training started, ${new Date(startedAt).toISOString()}`
    return found(pipelineRunEntry(forge, run, reading), 'MATCHED', ONLY_ONE_THEN, evidence)
  }
  if (underWay.length === 0) return { to: null, incomplete }
  return lost(
    `${underWay.length} CI runs of commit ${commit.sha} were under way when the training started, so it cannot be told which started it: let runs record the address (tags.pipelineRun).`,
  )
}

function found<T>(entry: T, method: Link['method'], confidence: number, evidence: string): Trace<T> {
  return { to: { entry, link: { method, confidence, evidence } }, incomplete: [] }
}

function lost(message: string): Trace<never> {
  return { to: null, incomplete: [{ source: null, reason: 'UNMATCHED', message, count: 1 }] }
}

const quoted = (sources: readonly string[]): string => sources.map((id) => `"${id}"`).join(' and ')
