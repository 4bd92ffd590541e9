import { startMlflowScoring } from '#demo/mlflow-scoring/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { describeServingPort } from './serving-suite.ts'

const RUN = 'f5ff3c0147654cbcba9114a63926adc7'
const LOGGED = 'm-2c31a4a2bb8d44458aa598799111a4c7'
const TENSORS = {
  inputs: [
    { name: 'x', datatype: 'FP32', shape: [-1, 4] },
    { name: 'plan', datatype: 'BYTES', shape: [-1, 1] },
  ],
  outputs: [{ name: 'y', datatype: 'INT64', shape: [-1] }],
}
const INPUTS = TENSORS.inputs.map(({ name, datatype, shape }) => ({ name, dataType: datatype, shape }))

describeServingPort({
  name: 'MLServer',
  start: async () => {
    const { url, close } = await startOpenInference({
      dialect: 'mlserver',
      models: [
        { name: 'churn', version: '3', ...TENSORS, parameters: { mlflow_run_id: RUN, mlflow_model_id: LOGGED } },
        { name: 'iris', version: '1', platform: 'mlflow:flowers/2' },
        { name: 'linked', version: '7' },
        { name: 'plain' },
        { name: 'loading', version: '1', state: 'loading' },
        { name: 'failed', version: '1', state: 'failed' },
        { name: 'mixed', version: '1' },
        { name: 'mixed', version: '2', state: 'failed' },
        { name: 'team/iris', version: '1' },
      ],
    })
    return {
      source: { kind: 'open-inference', url },
      links: [{ served: { source: 'served', model: 'linked' }, is: { registry: 'registry', model: 'other' } }],
      server: { name: 'mlserver', version: '1.7.1' },
      state: 'DEGRADED',
      served: [
        {
          ...{ name: 'churn', version: '3', loadState: 'READY', inputs: INPUTS },
          declared: { registry: 'registry', modelName: null, runId: RUN, loggedModelId: LOGGED, method: 'DECLARED' },
        },
        {
          ...{ name: 'iris', version: '1', loadState: 'READY', inputs: null },
          declared: { modelName: 'flowers', modelVersion: '2', method: 'DECLARED' },
        },
        {
          ...{ name: 'linked', version: '7', loadState: 'READY' },
          declared: { registry: 'registry', modelName: 'other', modelVersion: '7', method: 'CONFIGURED' },
        },
        { name: 'plain', version: null, loadState: 'READY', declared: null },
        { name: 'loading', version: '1', loadState: 'LOADING', inputs: null },
        { name: 'failed', version: '1', loadState: 'UNAVAILABLE' },
        { name: 'mixed', version: '1', loadState: 'READY' },
        { name: 'mixed', version: '2', loadState: 'UNAVAILABLE' },
        { name: 'team/iris', version: '1', loadState: 'READY', inputs: null },
      ],
      stop: close,
    }
  },
})

describeServingPort({
  name: 'Triton',
  start: async () => {
    const { url, close } = await startOpenInference({
      dialect: 'triton',
      models: [
        { name: 'churn', version: '3', ...TENSORS, configParameters: { mlflow_run_id: RUN, mlflow_version: '5' } },
        { name: 'both', version: '1', configParameters: { mlflow_model: 'two', mlflow_run_id: RUN } },
        { name: 'both', version: '2', configParameters: { mlflow_model: 'two', mlflow_run_id: RUN } },
        { name: 'loading', version: '1', state: 'loading' },
        { name: 'unloading', version: '1', state: 'unloading' },
        { name: 'failed', version: '1', state: 'failed' },
        { name: 'unloaded', version: '1', state: 'unloaded' },
        { name: 'never', version: '1', state: 'never-loaded' },
        { name: 'card fraud', version: '1', ...TENSORS },
      ],
    })
    return {
      source: { kind: 'open-inference', url, convention: 'name-and-version' },
      server: { name: 'triton', version: '2.51.0' },
      state: 'DEGRADED',
      served: [
        {
          ...{ name: 'churn', version: '3', loadState: 'READY', inputs: INPUTS },
          declared: { modelName: 'churn', modelVersion: '5', runId: RUN, method: 'MATCHED' },
        },
        // The parameters are of both versions, so the run is that of neither for sure.
        ...['1', '2'].map((version) => ({
          ...{ name: 'both', version, loadState: 'READY' as const },
          declared: { modelName: 'two', modelVersion: version, runId: null, method: 'MATCHED' as const },
        })),
        { name: 'loading', version: '1', loadState: 'LOADING', inputs: null },
        { name: 'unloading', version: '1', loadState: 'UNLOADING' },
        { name: 'failed', version: '1', loadState: 'FAILED', declared: { modelName: 'failed', method: 'MATCHED' } },
        { name: 'unloaded', version: '1', loadState: 'UNLOADED' },
        { name: 'never', version: null, loadState: 'UNLOADED' },
        { name: 'card fraud', version: '1', loadState: 'READY', inputs: null },
      ],
      stop: close,
    }
  },
})

describeServingPort({
  name: "MLflow's scoring server",
  limits: { tensors: 'untold' },
  start: async () => {
    const { url, close } = await startMlflowScoring({ version: '3.17.2' })
    return {
      source: { kind: 'mlflow-scoring', url, serves: { model: 'churn', version: '3' } },
      server: { name: 'mlflow', version: '3.17.2' },
      state: 'READY',
      served: [
        {
          ...{ name: 'churn', version: null, loadState: 'READY', inputs: null },
          declared: { registry: 'registry', modelName: 'churn', modelVersion: '3', method: 'CONFIGURED' },
        },
      ],
      stop: close,
    }
  },
})

describeServingPort({
  name: "MLflow's scoring server of which nothing is configured",
  limits: { tensors: 'untold' },
  start: async () => {
    const { url, close } = await startMlflowScoring({ version: '2.22.5' })
    const source = { kind: 'mlflow-scoring', url }
    return { source, server: { name: 'mlflow', version: '2.22.5' }, state: 'READY', served: null, stop: close }
  },
})
