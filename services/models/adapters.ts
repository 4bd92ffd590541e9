import { mlflow } from './mlflow/index.ts'

/** Every registry and tracking tool that can be read: a new one is a folder beside this file and a line here. */
export const registryAdapters = [mlflow]
