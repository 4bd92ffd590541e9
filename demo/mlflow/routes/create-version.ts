import { type Arguments, pairs, requiredText, text } from '../arguments.ts'
import { findModel, findVersion } from '../find.ts'
import { checkModelName } from '../names.ts'
import { invalid, MlflowProblem } from '../problem.ts'
import { lineJson } from '../python.ts'
import { isPrompt, type LoggedModel, type ModelVersion, type Store } from '../store.ts'
import { isMlflow3 } from '../version.ts'
import { loggedModelArtifacts } from '../wire/logged-model.ts'
import { showVersionOf } from '../wire/registry.ts'
import { runArtifacts } from '../wire/tracking.ts'

/** `model-versions/create`: numbers the version and resolves its source, which MLflow 3 checks against run and model. */
export function createVersion(store: Store, args: Arguments): object {
  const [name, source] = [requiredText(args, 'name'), requiredText(args, 'source')]
  const tags = pairs(args, 'tags')
  const from = isPrompt({ tags }) ? { storageLocation: source, runId: '' } : resolve(store, args, source)
  checkModelName(name, store.version)
  const model = findModel(store, name)
  const now = store.now()
  const version: ModelVersion = {
    ...{ name, version: (model.versions.at(-1)?.version ?? 0) + 1, createdAt: now, updatedAt: now, stage: 'None' },
    ...{ description: text(args, 'description') ?? '', source, status: 'READY', tags, ...from },
    runLink: text(args, 'run_link') ?? '',
  }
  model.versions.push(version)
  model.updatedAt = now
  const logged = isMlflow3(store.version) ? store.loggedModels.get(text(args, 'model_id') ?? '') : undefined
  if (logged) rememberVersion(logged, version)
  return { model_version: showVersionOf(model, version) }
}

interface Origin {
  storageLocation: string
  runId: string
}

function resolve(store: Store, args: Arguments, source: string): Origin {
  const runId = text(args, 'run_id') ?? ''
  const [, scheme = ''] = /^([a-z][\w+.-]*):/i.exec(source) ?? []
  if (scheme === '' || scheme === 'file') {
    throw invalid(
      `Invalid model version source: '${source}'. To use a local path as a model version source, the run_id request parameter has to be specified and the local path has to be contained within the artifact directory of the run specified by the run_id.`,
    )
  }
  if (scheme === 'models') return fromModel(store, args, source, runId)
  if (isMlflow3(store.version)) checkRun(store, source, scheme, runId)
  return { storageLocation: source, runId }
}

function fromModel(store: Store, args: Arguments, source: string, runId: string): Origin {
  const [, name, version] = /^models:\/([^/]+)(?:\/(.+))?$/.exec(source) ?? []
  if (name !== undefined && version !== undefined) {
    const copied = findVersion(store, name, version).version
    const copiedRun = isMlflow3(store.version) && text(args, 'run_id') === undefined ? copied.runId : runId
    return { storageLocation: copied.storageLocation, runId: copiedRun }
  }
  if (!isMlflow3(store.version)) {
    throw new MlflowProblem(
      'INTERNAL_ERROR',
      `Not a proper models:/ URI: ${source}. Models URIs must be of the form 'models:/model_name/suffix' or 'models:/model_name@alias' where suffix is a model version, stage, or the string 'latest' and where alias is a registered model alias. Only one of suffix or alias can be defined at a time.`,
    )
  }
  const modelId = text(args, 'model_id') ?? ''
  if (name === undefined || name !== modelId) throw unidentified(source, 'model_id')
  const logged = store.loggedModels.get(modelId)
  if (logged) return { storageLocation: loggedModelArtifacts(logged), runId: runId || logged.sourceRunId }
  throw new MlflowProblem(
    'INTERNAL_ERROR',
    `Unable to fetch model from model URI source artifact location '${source}'.Error: Logged model with ID '${modelId}' not found.`,
  )
}

function checkRun(store: Store, source: string, scheme: string, runId: string): void {
  const run = store.runs.get(runId)
  const isUnidentified =
    scheme === 'runs'
      ? /^runs:\/([^/]+)/.exec(source)?.[1] !== runId
      : scheme === 'mlflow-artifacts' && !(run && source.startsWith(runArtifacts(run)))
  if (isUnidentified) throw unidentified(source, 'run_id')
}

function unidentified(source: string, parameter: string): Error {
  return invalid(
    `Invalid model version source: '${source}'. The ${parameter} request parameter must identify the resource that contains the source.`,
  )
}

/** A logged model lists the versions made of it in a tag. */
function rememberVersion({ tags }: LoggedModel, { name, version }: ModelVersion): void {
  const key = 'mlflow.modelVersions'
  const known = JSON.parse(tags.get(key) ?? '[]')
  tags.set(key, lineJson([...known, { name, version }]))
}
