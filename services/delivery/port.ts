import type { observationKinds } from '#lib/config/notifications.ts'

/** What can be seen to change; `schema/delivery.graphql` says what each means. */
export type ObservationKind = (typeof observationKinds)[number]

/** One thing that was seen to change, or was found so at the first look. Times are milliseconds since 1970. */
export interface ObservationRecord {
  /** Unique among observations. */
  readonly id: string
  /** The later it was written down, the higher. */
  readonly sequence: number
  /** When it was seen; where the tool tells it, when it happened, by the tool's clock. */
  readonly at: number
  readonly kind: ObservationKind
  /** Id of the thing that changed. */
  readonly subject: string
  /** Ids of the models that it is about: for an endpoint, those that it served then. */
  readonly models: readonly string[]
  /** Ids of the versions that are so since: the champion, those that are served, the one that was registered. */
  readonly versions: readonly string[]
  /** As text. null: nothing, or not known where `initial`. */
  readonly before: string | null
  readonly after: string | null
  /** null: the tool does not tell. */
  readonly by: string | null
  /** Id of the source that showed it. */
  readonly source: string
  /** It happened at most so much earlier. 0: the tool tells the moment. null: not known. */
  readonly precisionSeconds: number | null
  /** Found so at the first look. */
  readonly initial: boolean
  /** Nobody watched when it happened; the tool remembers it. */
  readonly backfilled: boolean
}

/** Whether the registry holds a version to be complete, in its words. */
export type VersionStatus = 'READY' | 'PENDING' | 'FAILED' | 'UNKNOWN'

/** What the tools tell of a version's way. Times are milliseconds since 1970; null: not known. */
export interface VersionFacts {
  readonly id: string
  /** Id of the model. */
  readonly model: string
  readonly status: VersionStatus
  readonly committedAt: number | null
  readonly runStartedAt: number | null
  readonly runEndedAt: number | null
  readonly registeredAt: number | null
  /** Id of the run that made it. null: none recorded. Versions of one run were trained once. */
  readonly run: string | null
}

/** What the tools tell of a model now. */
export interface ModelFacts {
  readonly id: string
  /** Id of the source. */
  readonly source: string
  readonly domain: string | null
  /** Names; empty: nobody is known to own it. */
  readonly owners: readonly string[]
  /** Id of the version that is declared to be in production now. null: none is. */
  readonly champion: string | null
  readonly versions: readonly VersionFacts[]
}

/** The stages from commit to production, in order. */
export const deliveryStages = ['INTEGRATION', 'TRAINING', 'REGISTRATION', 'VALIDATION', 'DEPLOYMENT'] as const

/** One of them. */
export type DeliveryStage = (typeof deliveryStages)[number]

/** A thing of another subgraph, by its id. */
export interface Reference {
  readonly id: string
}
