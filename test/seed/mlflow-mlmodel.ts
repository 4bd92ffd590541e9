import { stringify } from 'yaml'
import type { MlflowApi } from './mlflow-api.ts'
import type { SeededMlmodel, SeededRun, SeededTensor } from './mlflow-types.ts'

/** What a model from this run takes and answers, as MLflow writes it down: columns in, a tensor out. */
const recordedSignature = {
  inputs: JSON.stringify([
    { type: 'double', name: 'tenure', required: true },
    { type: 'long', name: 'calls', required: true },
    { type: 'string', name: 'plan', required: false },
  ]),
  outputs: JSON.stringify([{ type: 'tensor', 'tensor-spec': { dtype: 'float64', shape: [-1, 2] } }]),
  params: null,
}

/** The same in the vocabulary of the graph. A column has no shape, an unnamed tensor no name and no word on leaving it out. */
const signature: { inputs: SeededTensor[]; outputs: SeededTensor[] } = {
  inputs: [
    { name: 'tenure', dataType: 'FP64', shape: null, optional: false },
    { name: 'calls', dataType: 'INT64', shape: null, optional: false },
    { name: 'plan', dataType: 'BYTES', shape: null, optional: true },
  ],
  outputs: [{ name: null, dataType: 'FP64', shape: [-1, 2], optional: null }],
}

const flavors = {
  python_function: { loader_module: 'mlflow.sklearn', model_path: 'model.pkl', python_version: '3.11.7' },
  sklearn: { code: null, pickled_model: 'model.pkl', sklearn_version: '1.7.2', serialization_format: 'cloudpickle' },
}

/** Where the artifacts of a model lie that a run of this plan logs under the name "model". */
export function modelFolder({ experimentId, runId }: Pick<SeededRun, 'experimentId' | 'runId'>): string {
  return `${experimentId}/${runId}/artifacts/model`
}

/** Puts the MLmodel file of a version into its folder, below the root of the server's artifact store. */
export async function uploadMlmodel(
  api: MlflowApi,
  folder: string,
  run: SeededRun,
  of: Pick<SeededMlmodel, 'name' | 'version'>,
): Promise<SeededMlmodel> {
  const text = stringify({ ...describe(run), mlflow_version: await api.version(), model_size_bytes: 48_211 })
  await api.upload(`${folder}/MLmodel`, text)
  return { ...of, text, flavors: Object.keys(flavors), signature }
}

/** The tag in which MLflow 2 keeps what a run has logged as models; MLflow 3 has logged models instead. */
export async function tagLoggedModels(api: MlflowApi, run: SeededRun): Promise<SeededRun> {
  const tag = { key: 'mlflow.log-model.history', value: JSON.stringify([describe(run)]) }
  await api.send('POST', 'runs/set-tag', { run_id: run.runId, ...tag })
  return { ...run, tags: { ...run.tags, [tag.key]: tag.value } }
}

function describe({ runId, endTime }: SeededRun): object {
  const utc_time_created = new Date(endTime).toISOString().replace('T', ' ').replace('Z', '000')
  return { artifact_path: 'model', flavors, run_id: runId, signature: recordedSignature, utc_time_created }
}
