import type { MlflowData } from '#demo/mlflow/index.ts'
import type { ServedModelSpec } from '#demo/open-inference/index.ts'

const START = Date.UTC(2026, 0, 5)
const READS = 7

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
const padded = (i: number) => String(i).padStart(5, '0')
const runId = (i: number) => `${i.toString(16).padStart(31, '0')}a`
const modelName = (i: number) => `model-${padded(i)}`

/**
 * A server with so many models, each the one version of its own model, made by a run that read seven of one table fewer than
 * there are models. Upstream of the server hang 4 things and 10 links for each model: of 500, 2,000 and 5,000.
 */
export function largeLineage(models: number): { readonly data: MlflowData; readonly served: ServedModelSpec[] } {
  const tables = models - 1
  return {
    data: {
      experiments: [{ id: '1', name: 'training', createdAt: START }],
      runs: upTo(models).map((i) => ({
        ...{ id: runId(i), experimentId: '1', name: `train ${padded(i)}` },
        ...{ startedAt: START + i * 1_000, endedAt: START + i * 1_000 + 500 },
        datasets: upTo(READS).map((n) => ({
          ...{ name: `table ${(i + n * 13) % tables}`, digest: 'd', sourceType: 's3' },
          source: JSON.stringify({ uri: `s3://warehouse/tables/${(i + n * 13) % tables}` }),
        })),
      })),
      models: upTo(models).map((i) => ({
        ...{ name: modelName(i), createdAt: START + i * 1_000, aliases: { champion: '1' } },
        tags: { owner: `team ${i % 7}` },
        versions: [{ createdAt: START + i * 1_000, source: `runs:/${runId(i)}/model`, runId: runId(i) }],
      })),
    },
    served: upTo(models).map((i) => ({ name: modelName(i), version: '1' })),
  }
}
