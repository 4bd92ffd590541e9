import { type FetchLike, type MlflowApi, mlflowApi, pairs } from './mlflow-api.ts'
import { createLoggedModel } from './mlflow-logged-model.ts'
import { modelFolder, tagLoggedModels, uploadMlmodel } from './mlflow-mlmodel.ts'
import { hostileModels, hostileNames, type ModelPlan, namesOnlyMlflow2Accepts, storyModels } from './mlflow-plan.ts'
import { createExperiment, createRuns } from './mlflow-runs.ts'
import type {
  SeededLoggedModel,
  SeededMlflow,
  SeededMlmodel,
  SeededModel,
  SeededRun,
  SeededVersion,
} from './mlflow-types.ts'

export * from './mlflow-types.ts'

export type SeedOptions = {
  /** In place of the global `fetch`. */
  fetch?: FetchLike
  /** Whether to register {@link namesOnlyMlflow2Accepts}; by default as the server's version allows. */
  mlflow2Names?: boolean
}

/**
 * Fills an empty MLflow, real or stand-in, over its own REST API, and says what is in it now. Throws on the first call
 * that fails, a registry that has been seeded before among the causes.
 */
export async function seedMlflow(url: string, options: SeedOptions = {}): Promise<SeededMlflow> {
  const api = mlflowApi(url, options.fetch ?? fetch)
  const version = await api.version()
  const isMlflow2 = version.startsWith('2.')
  const training = await createExperiment(api, 'churn training')
  const deleted = await createExperiment(api, 'abandoned')
  const created = await createRuns(api, training, deleted)
  const runs = isMlflow2 ? { ...created, training: await tagLoggedModels(api, created.training) } : created
  const loggedModel = isMlflow2 ? null : await createLoggedModel(api, runs.training)
  const names = [...hostileNames, ...((options.mlflow2Names ?? isMlflow2) ? namesOnlyMlflow2Accepts : [])]
  const plans: ModelPlan[] = [...storyModels(runs), ...hostileModels(names)]
  if (loggedModel) {
    const { modelId, sourceRunId: runId } = loggedModel
    const fromLoggedModel = { source: `models:/${modelId}`, modelId, runId }
    plans.push({ name: 'churn-logged', aliases: { champion: '1' }, versions: [fromLoggedModel] })
  }
  const models: SeededModel[] = []
  for (const plan of plans) models.push(await createModel(api, plan))
  const prompt = await createPrompt(api)
  const mlmodels = await uploadMlmodels(api, runs.training, loggedModel)
  return { version, experiments: { training, deleted }, runs, models, prompt, loggedModel, mlmodels }
}

/** The files behind the champions made by the training run. */
async function uploadMlmodels(
  api: MlflowApi,
  run: SeededRun,
  loggedModel: SeededLoggedModel | null,
): Promise<SeededMlmodel[]> {
  const champion = await uploadMlmodel(api, modelFolder(run), run, { name: 'churn-scorer', version: '3' })
  if (!loggedModel) return [champion]
  const folder = `${run.experimentId}/models/${loggedModel.modelId}/artifacts`
  return [champion, await uploadMlmodel(api, folder, run, { name: 'churn-logged', version: '1' })]
}

/** Registers a model with its versions, stages and aliases. */
export async function createModel(api: MlflowApi, plan: ModelPlan): Promise<SeededModel> {
  const { name, description = null, tags = {}, aliases = {} } = plan
  await api.send('POST', 'registered-models/create', {
    ...{ name, tags: pairs(tags) },
    ...(description === null ? {} : { description }),
  })
  const versions: SeededVersion[] = []
  for (const version of plan.versions) versions.push(await createVersion(api, name, version))
  for (const [alias, version] of Object.entries(aliases)) {
    await api.send('POST', 'registered-models/alias', { name, alias, version })
  }
  return { name, description, tags, aliases, versions }
}

async function createVersion(
  api: MlflowApi,
  name: string,
  plan: ModelPlan['versions'][number],
): Promise<SeededVersion> {
  const { source = 's3://models/made-elsewhere', runId = null, modelId = null, stage = 'None' } = plan
  const { description = null, tags = {} } = plan
  const { model_version } = await api.send<{ model_version: { version: string } }>('POST', 'model-versions/create', {
    ...{ name, source, tags: pairs(tags) },
    ...(runId === null ? {} : { run_id: runId }),
    ...(modelId === null ? {} : { model_id: modelId }),
    ...(description === null ? {} : { description }),
  })
  const { version } = model_version
  if (stage !== 'None') {
    const archive_existing_versions = false
    await api.send('POST', 'model-versions/transition-stage', { name, version, stage, archive_existing_versions })
  }
  return { version, source, runId, modelId, stage, description, tags }
}

/** MLflow keeps prompts as models with a tag; its own client writes them just so. */
async function createPrompt(api: MlflowApi): Promise<{ name: string }> {
  const isPrompt = { 'mlflow.prompt.is_prompt': 'true' }
  const text = { ...isPrompt, 'mlflow.prompt.text': 'Summarise {{ticket}}' }
  const { name } = await createModel(api, {
    ...{ name: 'summarise-ticket', tags: isPrompt, aliases: { champion: '1' } },
    versions: [{ source: 'dummy-source', tags: text }],
  })
  return { name }
}
