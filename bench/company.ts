import type { MlflowData } from '#demo/mlflow/index.ts'
import type { ServedModelSpec } from '#demo/open-inference/index.ts'

const START = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000

/** The most models that the one server serves, since a server with thousands is rare. */
const SERVED = 50

/**
 * So many models, no two alike: owned or not, with one to three versions, with a champion or without, its run with more
 * or fewer parameters, metrics and datasets, or gone.
 */
export function registry(count: number): MlflowData {
  const numbers = Array.from({ length: count }, (_, i) => i)
  return {
    experiments: [{ id: '1', name: 'training', createdAt: START }],
    runs: numbers.filter(hasRun).map((i) => ({
      ...{ id: runId(i), experimentId: '1', name: `train ${padded(i)}`, user: `user-${i % 11}` },
      ...{ startedAt: START + i * HOUR, endedAt: START + i * HOUR + 1_000 * (60 + (i % 600)) },
      params: Object.fromEntries(upTo(3 + (i % 4)).map((n) => [`parameter_${n}`, String((i * 7 + n) % 100)])),
      metrics: Object.fromEntries(upTo(2 + (i % 3)).map((n) => [`metric_${n}`, ((i * 13 + n) % 1_000) / 1_000])),
      tags: i % 3 === 0 ? {} : { 'mlflow.source.git.commit': runId(i).padEnd(40, '0') },
      datasets: upTo(1 + (i % 2)).map((n) => ({
        ...{ name: `table ${(i + n) % 40}`, digest: runId(i).slice(-8), sourceType: 's3' },
        source: `{"uri":"s3://warehouse/tables/${(i + n) % 40}"}`,
        tags: { 'mlflow.data.context': n === 0 ? 'training' : 'evaluation' },
      })),
    })),
    models: numbers.map((i) => ({
      ...{ name: modelName(i), createdAt: START + i * HOUR, description: `Predicts what ${padded(i)} stands for.` },
      tags: { ...(i % 5 === 0 ? {} : { owner: `team ${i % 7}` }), domain: `domain ${i % 4}` },
      ...(hasChampion(i) && { aliases: { champion: champion(i) } }),
      versions: upTo(1 + (i % 3)).map((n) => ({
        ...{ createdAt: START + (i + n) * HOUR, source: `runs:/${runId(i)}/model`, runId: runId(i) },
      })),
    })),
  }
}

/** What the model server serves of them. */
export function repository(count: number, served = SERVED): ServedModelSpec[] {
  return upTo(Math.min(served, count)).map((i) => ({
    name: modelName(i),
    version: champion(i),
    ...(i % 9 === 0 && { state: 'failed' as const, loadFailure: 'no such file' }),
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 4 + (i % 5)] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
  }))
}

const hasChampion = (i: number): boolean => i % 10 !== 9
const hasRun = (i: number): boolean => i % 25 !== 24
const champion = (i: number): string => String(1 + (i % 3))
const modelName = (i: number): string => `model-${padded(i)}`
const padded = (i: number): string => String(i).padStart(5, '0')
const runId = (i: number): string => `${i.toString(16).padStart(31, '0')}a`
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
