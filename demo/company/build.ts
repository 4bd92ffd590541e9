import { createHash } from 'node:crypto'
import type { DatasetInputSpec, MlflowData, ModelSpec, RunSpec, RunStatus, Texts, VersionSpec } from '../mlflow/spec.ts'
import { mlmodel, type Signature } from './mlmodel.ts'

/** Milliseconds since 1970 of a moment so many days ago: the company is as old as it was when it was started. */
export type DaysAgo = (days: number) => number

/** What one team has in MLflow. */
export type TeamData = Required<Pick<MlflowData, 'experiments' | 'runs' | 'models'>> & Pick<MlflowData, 'loggedModels'>

/** An id in MLflow's form that is the same on every start. */
export function idOf(text: string): string {
  return hex(text, 32)
}

/** Digits that are the same on every start. */
export function hex(text: string, digits: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, digits)
}

/** The tags of a model that its team has described. */
export function described(team: string, domain: string, purpose: string): Texts {
  return { team, domain, purpose }
}

/** Hosts of the company's forges, as they stand in the addresses of repositories. */
export const GITEA = 'git.bank.example'
export const GITHUB = 'github.bank.example'

/** The tag in which the company's pipelines record the address of their CI run. */
export const runTag = 'ci.run.url'

/** The tags of a run that a pipeline made from a commit. `host`: of the forge that has the repository. */
export function fromCommit(repository: string, script: string, change: string, host = GITEA): Texts {
  return {
    'mlflow.source.type': 'JOB',
    'mlflow.source.name': script,
    'mlflow.source.git.commit': hex(`${repository} ${change}`, 40),
    'mlflow.source.git.branch': 'main',
    'mlflow.source.git.repoURL': `https://${host}/${repository}.git`,
  }
}

/** A run as the teams tell of it. */
export interface Training {
  /** What it trained: the run's id and name are made of it. */
  of: string
  experimentId: string
  /** The account that the team's pipelines use. */
  user: string
  startedAt: number
  /** 25 when absent. */
  minutes?: number
  params?: Texts
  metrics?: Readonly<Record<string, number>>
  datasets?: readonly DatasetInputSpec[]
  /** Where the code came from. */
  code: Texts
  status?: RunStatus
  deleted?: boolean
}

export function trainingRun({
  of,
  metrics = {},
  user,
  startedAt,
  minutes = 25,
  code,
  ...rest
}: Training): RunSpec & { endedAt: number } {
  return {
    ...{ id: idOf(of), name: `train ${of}`, user, startedAt, endedAt: startedAt + minutes * 60_000 },
    ...{ ...rest, tags: { 'mlflow.user': user, ...code } },
    // As a person would have rounded them.
    metrics: Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value.toFixed(4))])),
  }
}

/** The version that was registered ten minutes after a run ended, from what the run left among its artifacts. */
export function versionOf(
  run: RunSpec & { endedAt: number },
  { signature, ...more }: Partial<VersionSpec> & { signature?: Signature } = {},
): VersionSpec {
  return {
    createdAt: run.endedAt + 600_000,
    source: `mlflow-artifacts:/${run.experimentId}/${run.id}/artifacts/model`,
    runId: run.id,
    ...(signature && { mlmodel: mlmodel(run.id, run.endedAt, signature) }),
    ...more,
  }
}

/** A model that was registered an hour before its first version. */
export function modelOf(name: string, versions: readonly VersionSpec[], more: Partial<ModelSpec>): ModelSpec {
  const [first] = versions
  if (!first) throw new Error(`Model ${name} has no version`)
  return { name, createdAt: first.createdAt - 3_600_000, versions, ...more }
}
