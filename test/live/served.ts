import { type SeededMlflow, seededModel } from '../seed/mlflow.ts'
import type { MlserverModel } from './servers/mlserver.ts'
import type { TritonModel } from './servers/triton-repository.ts'

/**
 * What the shared model servers serve, as data. Each joins one of the two seeded registries: MLServer that of
 * MLflow 3.17.2, Triton that of MLflow 2.22.5.
 */

/** Evidence of every strength, and every state. What is not ready is listed as UNAVAILABLE or, still loading, UNKNOWN. */
export function servedByMlserver(seeded: SeededMlflow): MlserverModel[] {
  const { training } = seeded.runs
  const [logged] = seededModel(seeded, 'churn-logged').versions
  return [
    {
      // The champion, declared by its run.
      ...{ name: 'churn-scorer', version: '3', platform: 'sklearn' },
      parameters: { mlflow_run_id: training.runId },
      inputs: [
        { name: 'tenure', datatype: 'FP64', shape: [-1, 1] },
        { name: 'calls', datatype: 'INT64', shape: [-1, 1] },
        { name: 'plan', datatype: 'BYTES', shape: [-1, 1] },
      ],
      outputs: [{ name: 'output-1', datatype: 'FP64', shape: [-1, 2] }],
    },
    {
      // Declared by the logged model; the server's own name and version say nothing.
      ...{ name: 'retention-api', version: 'blue' },
      parameters: {
        ...{ mlflow_model_id: logged?.modelId ?? '', mlflow_model_uri: logged?.source ?? '' },
        mlflow_run_id: logged?.runId ?? '',
      },
    },
    // No registry knows it.
    { name: 'spam-filter', version: '7' },
    // A name the registry knows, without a version.
    { name: 'ledger' },
    // Fails with a path in its message.
    { name: 'price-forecaster', version: '1', state: 'failed' },
    { name: 'demand-forecaster', version: '10', state: 'loading' },
    { name: 'credit-limit', version: '1', state: 'unloaded' },
    { name: 'fraud-detector', version: '3', state: 'never-loaded' },
  ]
}

/** Nothing here loads for long: a load keeps one of Triton's connection threads, and every test would meet it. */
export function servedByTriton(seeded: SeededMlflow): TritonModel[] {
  const { training } = seeded.runs
  return [
    {
      // Folder 2 lies in the repository too, but only the highest is loaded and listed.
      ...{ name: 'fraud-detector', versions: [2, 3], loads: 'highest' },
      parameters: { mlflow_model_name: 'fraud-detector', mlflow_model_version: '3' },
    },
    {
      // Its namesake in small letters is another model.
      ...{ name: 'Ledger', versions: [1] },
      parameters: { mlflow_run_id: training.runId, mlflow_model_version: '1' },
    },
    // Two versions at once, known by name and number only.
    { name: 'demand-forecaster', versions: [9, 10] },
    // Fails with a traceback and a path in the index.
    { name: 'price-forecaster', versions: [1], state: 'failed' },
    { name: 'credit-limit', versions: [1], state: 'unloaded' },
    // Listed, though it cannot be asked about: Triton decodes no percent escapes (nor could its python backend load it).
    { name: 'card fraud', versions: [1], state: 'never-loaded' },
  ]
}
