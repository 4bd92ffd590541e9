import { inject } from 'vitest'
import { describeRegistryPort } from '../contract/registry-suite.ts'

describeRegistryPort('a real MLflow 2.22.5', { loggedModels: false, artifacts: true }, async () => inject('mlflow2'))
describeRegistryPort('a real MLflow 3.17.2', { loggedModels: true, artifacts: true }, async () => inject('mlflow3'))
