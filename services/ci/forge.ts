import type { Logger } from 'pino'
import type { Config } from '#lib/config/schema.ts'
import { type SourceRecord, sourceRecord } from '#lib/reading.ts'
import { RecordCache } from '#lib/record-cache.ts'
import type { ConnectedSource } from '#lib/sources.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { Delivery, DeliveryAnswer } from '#lib/webhook.ts'
import type {
  Answers,
  CiPort,
  CommitKey,
  CommitPart,
  CommitParts,
  JobRecord,
  PipelineRunRecord,
  PullRequestKey,
  PullRequestRecord,
  ReviewList,
  RunKey,
  RunList,
} from './port.ts'
import { commitParts } from './port.ts'
import type { Change } from './webhook.ts'

/** Records of each sort that are held of one source; most are below 1 KB. */
const MAX_RECORDS = 20_000

/** What is held of a forge by key, each key as `keyOf` writes it. */
export interface Held {
  /** Parts of commits, by repository, SHA and part: whatever parts of whatever commits are asked for go out together. */
  readonly parts: RecordCache<CommitParts[CommitPart]>
  readonly fullShas: RecordCache<string>
  readonly pullRequests: RecordCache<PullRequestRecord>
  readonly reviews: RecordCache<ReviewList>
  readonly runs: RecordCache<PipelineRunRecord>
  readonly jobs: RecordCache<readonly JobRecord[]>
  readonly latestRuns: RecordCache<RunList>
}

/** One forge or CI server as the resolvers read it. */
export interface Forge {
  readonly id: string
  readonly source: SourceRecord
  readonly connected: ConnectedSource<CiPort>
  readonly held: Held
  /** Takes a delivery of the source; undefined: none is expected. What it names is read anew when somebody next asks for it. */
  receive(delivery: Delivery): DeliveryAnswer | undefined
  close(): Promise<void>
}

/** The key of a record in `Held`: its parts, which may hold anything. */
export const keyOf = (...parts: readonly (string | number)[]): string => JSON.stringify(parts)

/** Makes a connected source readable. */
export function createForge(connected: ConnectedSource<CiPort>, config: Config, log: Logger): Forge {
  const { id, port, upstream } = connected
  const cache = <V>(load: (keys: readonly string[], call: UpstreamCall) => Answers<V>) =>
    new RecordCache<V>({ ...config.index, source: id, log, maxRecords: MAX_RECORDS, load })
  const held: Held = {
    parts: cache((keys, call) => loadParts(port, keys, call)),
    fullShas: cache((keys, call) => port.fullShas(keys.map(commitKey), call)),
    pullRequests: cache((keys, call) => port.pullRequests(keys.map(pullRequestKey), call)),
    reviews: cache((keys, call) => port.reviews(keys.map(pullRequestKey), call)),
    runs: cache((keys, call) => port.runs(keys.map(runKey), call)),
    jobs: cache((keys, call) => port.jobs(keys.map(runKey), call)),
    latestRuns: cache((keys, call) => port.latestRuns(keys.map(repositoryKey), call)),
  }
  const receive = (delivery: Delivery) => {
    const answer = port.received?.(delivery)
    if (answer?.change) expire(held, answer.change)
    return answer
  }
  return {
    ...{ id, connected, held, receive },
    source: sourceRecord('CiSource', connected),
    close: async () => {
      await Promise.all(Object.values(held).map((one) => one.close()))
      await upstream.close()
    },
  }
}

/** Whatever is held of what changed is stale from now on. */
function expire(held: Held, { repository, shas, runs, pulls }: Change): void {
  for (const sha of shas) for (const part of commitParts) held.parts.expire(keyOf(repository, sha, part))
  for (const run of runs) for (const cache of [held.runs, held.jobs]) cache.expire(keyOf(repository, run))
  for (const pull of pulls) for (const cache of [held.pullRequests, held.reviews]) cache.expire(keyOf(repository, pull))
  held.latestRuns.expire(keyOf(repository))
}

/** Asks for all parts of a commit at once. */
async function loadParts(port: CiPort, keys: readonly string[], call: UpstreamCall) {
  const questions = new Map<string, CommitKey & { parts: Set<CommitPart> }>()
  const asked = keys.map((key) => {
    const [repository, sha, part]: [string, string, CommitPart] = JSON.parse(key)
    const commit = keyOf(repository, sha)
    const question = questions.get(commit) ?? { repository, sha, parts: new Set() }
    questions.set(commit, question)
    question.parts.add(part)
    return { commit, part }
  })
  const answers = await port.commits([...questions.values()], call)
  const answerOf = new Map([...questions.keys()].map((commit, i) => [commit, answers[i] ?? null]))
  return asked.map(({ commit, part }) => {
    const answer = answerOf.get(commit) ?? null
    return answer === null || answer instanceof Error ? answer : (answer[part] ?? null)
  })
}

function commitKey(key: string): CommitKey {
  const [repository, sha] = JSON.parse(key)
  return { repository, sha }
}

function pullRequestKey(key: string): PullRequestKey {
  const [repository, number] = JSON.parse(key)
  return { repository, number }
}

function runKey(key: string): RunKey {
  const [repository, run] = JSON.parse(key)
  return { repository, run }
}

function repositoryKey(key: string): string {
  const [repository] = JSON.parse(key)
  return repository
}
