import { createModel } from './mlflow.ts'
import { type FetchLike, mlflowApi } from './mlflow-api.ts'
import { createExperiment, createRun } from './mlflow-runs.ts'
import type { SeededModel, SeededRun } from './mlflow-types.ts'

export type SeededManyModels = { experimentId: string; models: { model: SeededModel; run: SeededRun }[] }

/** MLflow queues what is more than this without refusing it. */
const concurrency = 4

/**
 * Adds `count` models `model-00000` …, each with one version (the champion), its run and one dataset. Six calls per
 * model, four at a time.
 */
export async function seedManyModels(
  url: string,
  count: number,
  fetchLike: FetchLike = fetch,
): Promise<SeededManyModels> {
  const api = mlflowApi(url, fetchLike)
  const { experimentId } = await createExperiment(api, `${count} models`)
  const models: SeededManyModels['models'] = []
  const addOne = async (index: number) => {
    const number = String(index).padStart(5, '0')
    const source = `{"uri": "s3://warehouse/tables/${number}"}`
    const run = await createRun(api, experimentId, {
      ...{ name: `train ${number}`, params: { index: String(index) }, metrics: { auc: index / count } },
      datasets: [
        {
          ...{ name: `table ${number}`, digest: index.toString(16).padStart(8, '0'), context: 'training' },
          ...{ sourceType: 's3', source, schema: '{}', profile: '{}' },
        },
      ],
    })
    const { runId } = run
    const versions = [{ runId, source: `runs:/${runId}/model` }]
    const model = await createModel(api, { name: `model-${number}`, aliases: { champion: '1' }, versions })
    models[index] = { model, run }
  }
  let next = 0
  const worker = async () => {
    while (next < count) await addOne(next++)
  }
  await Promise.all(Array.from({ length: concurrency }, worker))
  return { experimentId, models }
}
