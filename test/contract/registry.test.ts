import { startMlflow } from '#demo/mlflow/index.ts'
import { seedMlflow } from '../seed/mlflow.ts'
import { describeRegistryPort } from './registry-suite.ts'

for (const [version, loggedModels] of [
  ['2.22.5', false],
  ['3.17.2', true],
] as const) {
  describeRegistryPort(`the stand-in of MLflow ${version}`, { loggedModels, artifacts: true }, async () => {
    const standIn = await startMlflow({ version })
    return { url: standIn.url, seeded: await seedMlflow(standIn.url), stop: standIn.close }
  })
}
