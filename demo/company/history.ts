import type { ModelSpec } from '../mlflow/spec.ts'
import type { DaysAgo } from './build.ts'

/** Something that somebody saw change, as an observer writes it down. Made up, and `by` says so. */
interface PastObservation {
  kind: 'CHAMPION_CHANGED' | 'SERVED_CHANGED' | 'HEALTH_CHANGED'
  /** Milliseconds since 1970. */
  at: number
  subject: string
  models: string[]
  versions: string[]
  before: string | null
  after: string | null
  by: string
  source: string
  precisionSeconds: number | null
  initial: boolean
  backfilled: boolean
}

/** What was seen of the company since somebody began to look, two years ago. */
export interface PastCompany {
  /** Ids of the registries that were looked at. */
  registries: string[]
  from: number
  until: number
  observations: PastObservation[]
}

const DAY = 86_400_000
const LOOK = 300
/** Days that versions waited until they were declared to be in production, one after the other. */
const WAITS = [6, 2, 11, 4]

/** What triton still serves, since nobody brought the new version there. */
const LEFT_BEHIND: Record<string, string> = { 'credit-limit': '3' }
/** Models that no server has, or none that answers. */
const UNSERVED = [
  ...['account-takeover', 'basket-forecast', 'price-elasticity', 'affordability', 'collections-priority'],
  ...['complaint-topics', 'next-best-offer'],
]
/** Models that run at night, which every server that could have them has said. */
const AT_NIGHT = ['liquidity-forecast', 'deposit-decay']
/** The version that went wrong, and the one that was gone back to until the next one came. */
const WRONG = { model: 'card-fraud', version: '3', back: '2' }

/** Two years in which versions came and went, up to what the registries say now. */
export function historyOf(registries: Readonly<Record<string, readonly ModelSpec[]>>, daysAgo: DaysAgo): PastCompany {
  const [from, now] = [daysAgo(730), daysAgo(0)]
  const observations = Object.entries(registries).flatMap(([registry, models]) => observed(registry, models, now))
  return {
    ...{ registries: Object.keys(registries), from, until: now - 60_000 },
    observations: observations.sort((a, b) => a.at - b.at),
  }
}

function observed(registry: string, models: readonly ModelSpec[], now: number): PastObservation[] {
  return models.filter(isModel).flatMap((model) => {
    const moves = movesOf(model, now)
    const served = UNSERVED.includes(model.name) ? [] : servedOf(model, moves, now)
    return [
      ...changes(registry, model.name, 'CHAMPION_CHANGED', [
        { at: (model.createdAt ?? now) + LOOK * 500, version: null },
        ...moves,
      ]),
      ...changes(registry, model.name, 'SERVED_CHANGED', served),
      ...troubleOf(model.name, moves),
    ]
  })
}

/** MLflow keeps prompts among its models. */
const isModel = ({ tags = {} }: ModelSpec) => tags['mlflow.prompt.is_prompt'] !== 'true'

interface Move {
  at: number
  version: string | null
}

/** Each version up to the champion was declared some days after it was registered, in the order in which they were. */
function movesOf(model: ModelSpec, now: number): Move[] {
  const numbered = (model.versions ?? []).map(({ createdAt = now, stage }, i) => ({
    createdAt,
    stage,
    version: String(i + 1),
  }))
  const inOrder = numbered.toSorted((a, b) => a.createdAt - b.createdAt)
  const champion = model.aliases?.champion ?? inOrder.findLast(({ stage }) => stage === 'Production')?.version
  const last = inOrder.findIndex(({ version }) => version === champion)
  const moves = inOrder.slice(0, last + 1).map(({ createdAt, version }, i): Move => {
    const next = inOrder[i + 1]?.createdAt ?? now
    return { version, at: createdAt + Math.min((WAITS[i % WAITS.length] ?? 1) * DAY, (next - createdAt) / 2) }
  })
  return moves.flatMap((move) => {
    const wrong = model.name === WRONG.model && move.version === WRONG.version
    return wrong ? [move, { at: move.at + 2.3 * DAY, version: WRONG.back }] : [move]
  })
}

/** Servers follow nine hours later. */
function servedOf({ name: model, createdAt }: ModelSpec, moves: readonly Move[], now: number): Move[] {
  if (AT_NIGHT.includes(model)) return [{ at: (createdAt ?? now) + LOOK * 500, version: null }]
  const left = moves.findIndex(({ version }) => version === LEFT_BEHIND[model])
  const followed = left < 0 ? moves : moves.slice(0, left + 1)
  return followed.map(({ at, version }) => ({ at: at + 9 * 3_600_000, version }))
}

/** What went wrong was unhealthy until it was gone back from. */
function troubleOf(model: string, moves: readonly Move[]): PastObservation[] {
  if (model !== WRONG.model) return []
  const wrong = moves.find(({ version }) => version === WRONG.version)?.at ?? 0
  const subject = `Model:mlflow:${model}`
  const health = (at: number, before: string | null, after: string): PastObservation => ({
    ...{
      kind: 'HEALTH_CHANGED',
      at,
      subject,
      models: [subject],
      versions: [],
      before,
      after,
      ...made,
      source: 'mlflow',
    },
    ...{ precisionSeconds: before === null ? null : 1_800, initial: before === null },
  })
  return [
    health((moves[0]?.at ?? 0) + DAY, null, 'HEALTHY'),
    health(wrong + 2 * DAY, 'HEALTHY', 'UNHEALTHY'),
    health(wrong + 2.8 * DAY, 'UNHEALTHY', 'HEALTHY'),
  ]
}

const made = { by: 'made up for the demonstration', backfilled: false }

function changes(
  registry: string,
  name: string,
  kind: PastObservation['kind'],
  moves: readonly Move[],
): PastObservation[] {
  const subject = `Model:${registry}:${name}`
  return moves.map(({ at, version }, i) => ({
    ...{
      kind,
      at,
      subject,
      models: [subject],
      before: moves[i - 1]?.version ?? null,
      after: version,
      ...made,
      source: registry,
    },
    versions: version === null ? [] : [`ModelVersion:${registry}:${name}:${version}`],
    ...{ precisionSeconds: LOOK, initial: false },
  }))
}
