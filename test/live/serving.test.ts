import { inject } from 'vitest'
import { describeServingPort, type ExpectedModel } from '../contract/serving-suite.ts'
import { servedByMlserver } from './served.ts'

const { seeded: seeded2 } = inject('mlflow2')
const { seeded: seeded3 } = inject('mlflow3')

/** MLServer has one word for all that is not loaded. */
const mlserverStates = {
  ready: 'READY',
  loading: 'LOADING',
  failed: 'UNAVAILABLE',
  unloaded: 'UNAVAILABLE',
  'never-loaded': 'UNAVAILABLE',
} as const

/** The shared servers go on for other tests. */
const stop = () => Promise.resolve()

const inputsOf = ({ inputs }: { inputs?: readonly { name: string; datatype: string; shape: number[] }[] }) =>
  inputs ? { inputs: inputs.map(({ name, datatype, shape }) => ({ name, dataType: datatype, shape })) } : {}

describeServingPort({
  name: 'a real MLServer',
  start: async () => {
    const { url, version } = inject('mlserver')
    const models = servedByMlserver(seeded3)
    const { runId } = seeded3.runs.training
    const said: Record<string, ExpectedModel['declared']> = {
      'churn-scorer': { modelName: null, runId, method: 'DECLARED' },
      'retention-api': {
        ...{ modelName: null, loggedModelId: seeded3.loggedModel?.modelId ?? 'none was seeded' },
        method: 'DECLARED',
      },
      ledger: null,
      'spam-filter': null,
    }
    return {
      source: { kind: 'open-inference', url },
      server: { name: 'mlserver', version },
      state: 'DEGRADED',
      served: models.map(({ name, version = null, state = 'ready', ...model }) => {
        const loadState = mlserverStates[state]
        const declared = name in said ? { declared: said[name] ?? null } : {}
        return { name, version, loadState, ...inputsOf(model), ...declared }
      }),
      stop,
    }
  },
})

describeServingPort({
  name: 'a real Triton',
  start: async () => {
    const { url, version } = inject('triton')
    const { runId } = seeded2.runs.training
    const matched = (modelName: string, modelVersion: string) => ({
      modelName,
      modelVersion,
      method: 'MATCHED' as const,
    })
    return {
      source: { kind: 'open-inference', url, convention: 'name-and-version' },
      server: { name: 'triton', version },
      state: 'DEGRADED',
      served: [
        {
          ...{ name: 'fraud-detector', version: '3', loadState: 'READY' },
          inputs: [{ name: 'value', dataType: 'FP32', shape: [-1] }],
          declared: { modelName: 'fraud-detector', modelVersion: '3', method: 'DECLARED' },
        },
        { name: 'Ledger', version: '1', loadState: 'READY', declared: { ...matched('Ledger', '1'), runId } },
        ...['9', '10'].map((number) => ({
          ...{ name: 'demand-forecaster', version: number, loadState: 'READY' as const },
          declared: matched('demand-forecaster', number),
        })),
        { name: 'price-forecaster', version: '1', loadState: 'FAILED', inputs: null },
        { name: 'credit-limit', version: '1', loadState: 'UNLOADED', inputs: null },
        { name: 'card fraud', version: null, loadState: 'UNLOADED', inputs: null },
      ],
      stop,
    }
  },
})
