import type { ServedModelSpec } from '../open-inference/index.ts'
import { idOf } from './build.ts'

const SCORE = { outputs: [{ name: 'score', datatype: 'FP64', shape: [-1, 1] }] }
const features = (count: number) => ({ inputs: [{ name: 'features', datatype: 'FP64', shape: [-1, count] }], ...SCORE })

/** Production. Triton's names and versions are those of the registry, but for a model from before there was one. */
export const triton: readonly ServedModelSpec[] = [
  {
    ...{ name: 'card-fraud', version: '5', ...features(4) },
    configParameters: {
      mlflow_model: 'card-fraud',
      mlflow_version: '5',
      mlflow_run_id: idOf('card-fraud 5'),
    },
  },
  // The registry's champion is version 4.
  { name: 'credit-limit', version: '3', ...features(3) },
  { name: 'demand-forecast', version: '11', ...features(12) },
  { name: 'discount-cap', version: '1', ...features(5) },
  { name: 'legacy-scorecard', version: '1', ...features(22) },
  { name: 'loan-default', version: '2', ...features(3) },
  {
    ...{ name: 'price-elasticity', version: '2', ...features(2), state: 'failed' },
    loadFailure:
      "Internal: ModuleNotFoundError: No module named 'pymc'\n\nAt:\n  /models/price-elasticity/2/model.py(7): <module>\n",
  },
]

/** Staging. Nothing is stated about names here, so that they are guesses where the server declares nothing. */
export const mlserver: readonly ServedModelSpec[] = [
  { name: 'next-best-offer', version: '2', platform: 'mlflow', ...features(6) },
  { name: 'churn', version: '4', platform: 'mlflow', ...features(3) },
  {
    // Somebody copied the folder: it calls itself version 2 and was made by the run of version 1.
    ...{ name: 'complaint-topics', version: '2', platform: 'mlflow', ...features(1) },
    parameters: { mlflow_run_id: idOf('complaint-topics 1') },
  },
]
