import { mlflowScoring } from './mlflow-scoring/index.ts'
import { openInference } from './open-inference/index.ts'

/** Every tool that serves models and can be read: a new one is a folder beside this file and a line here. */
export const servingAdapters = [openInference, mlflowScoring]
