import { checkModelName, versionNumber } from './names.ts'
import { invalid, missing } from './problem.ts'
import type { Experiment, LoggedModel, ModelVersion, RegisteredModel, Run, Store } from './store.ts'
import { isMlflow3 } from './version.ts'

/** The registered model of this name, prompts among them. */
export function findModel(store: Store, name: string): RegisteredModel {
  checkModelName(name, store.version)
  const model = store.models.get(name)
  if (!model) throw missing(`Registered Model with name=${name} not found`)
  return model
}

/** A version and its model. */
export function findVersion(
  store: Store,
  name: string,
  text: string,
): { model: RegisteredModel; version: ModelVersion } {
  checkModelName(name, store.version)
  const number = versionNumber(text)
  const model = store.models.get(name)
  const version = model?.versions.find((candidate) => candidate.version === number)
  if (!model || !version) throw missing(`Model Version (name=${name}, version=${number}) not found`)
  return { model, version }
}

export function findRun(store: Store, id: string): Run {
  const run = store.runs.get(id)
  if (!run) throw missing(`Run with id=${id} not found`)
  return run
}

/** A run that may be written to. */
export function findActiveRun(store: Store, id: string): Run {
  const run = findRun(store, id)
  if (run.deleted) throw invalid(`The run ${id} must be in the 'active' state. Current state is deleted.`)
  return run
}

export function findExperiment(store: Store, id: string): Experiment {
  checkExperimentId(store, id)
  const experiment = store.experiments.get(id)
  if (!experiment) throw missing(`No Experiment with id=${id} exists`)
  return experiment
}

/** MLflow 3 refuses an experiment's id that is no number, where MLflow 2 finds nothing. */
export function checkExperimentId({ version }: Store, id: string): void {
  if (/^\d+$/.test(id) || !isMlflow3(version)) return
  throw invalid(`Invalid experiment ID '${id}'. Experiment ID must be a valid integer.`)
}

export function findLoggedModel(store: Store, id: string): LoggedModel {
  const model = store.loggedModels.get(id)
  if (!model) throw missing(`Logged model with ID '${id}' not found.`)
  return model
}
