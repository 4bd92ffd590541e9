import type { MlflowData } from '#demo/mlflow/index.ts'

const START = Date.UTC(2026, 0, 5)

/** So many models, each with one version behind the alias `champion`, its run, and one dataset that the run read. */
export function manyModels(count: number): MlflowData {
  const numbers = Array.from({ length: count }, (_, i) => ({
    i,
    text: String(i).padStart(5, '0'),
    id: `${i.toString(16).padStart(31, '0')}a`,
  }))
  return {
    experiments: [{ id: '1', name: 'training', createdAt: START }],
    runs: numbers.map(({ i, text, id }) => ({
      ...{
        id,
        experimentId: '1',
        name: `train ${text}`,
        startedAt: START + i * 1_000,
        endedAt: START + i * 1_000 + 500,
      },
      ...{ params: { index: text }, metrics: { auc: i / count } },
      datasets: [
        {
          name: `table ${text}`,
          digest: id.slice(-8),
          sourceType: 's3',
          source: `{"uri":"s3://warehouse/tables/${text}"}`,
          tags: { 'mlflow.data.context': 'training' },
        },
      ],
    })),
    models: numbers.map(({ i, text, id }) => ({
      ...{
        name: `model-${text}`,
        createdAt: START + i * 1_000,
        tags: { owner: `team ${i % 7}` },
        aliases: { champion: '1' },
      },
      versions: [{ createdAt: START + i * 1_000, source: `runs:/${id}/model`, runId: id }],
    })),
  }
}
