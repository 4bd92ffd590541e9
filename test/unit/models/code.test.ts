import { describe, expect, it } from 'vitest'
import { settings } from '#lib/config/settings.ts'
import { createDatasetNaming } from '#lib/dataset-name.ts'
import type { RunRecord } from '#services/models/port.ts'
import type { RegistryIndex } from '#services/models/registry-index.ts'
import { buildRunIndex, readRunFacts } from '#services/models/run-index.ts'

const { tags } = settings.parse({ sources: [{}], tags: { pipelineRun: ['ci'] } })

const record = (runId: string, of: Record<string, string>): RunRecord => ({
  ...{
    runId,
    name: null,
    experiment: { experimentId: '1', name: null, deleted: null },
    status: 'FINISHED',
    deleted: null,
  },
  ...{ startedAt: 1, endedAt: 2, user: null, parentRunId: null, parameters: [], metrics: [], inputs: null },
  ...{ entryPoint: null, startedFrom: null, webUrl: null },
  tags: Object.entries(of).map(([key, value]) => ({ key, value })),
})

describe('the index of runs', () => {
  it('has runs by every spelling of their repository, and by the address of their CI run, without credentials', async () => {
    const records = [
      record('a', { 'mlflow.source.git.repoURL': 'git@git.example:A/B.git', 'mlflow.source.git.commit': 'ABCDEF1' }),
      record('b', {
        'mlflow.source.git.repoURL': 'https://u:s3cret@git.example/a/b',
        ci: 'https://u:s3cret@ci.example/runs/4/jobs/1',
      }),
      record('c', { 'mlflow.source.git.repoURL': 'https://git.example/a/b.git', 'mlflow.source.git.commit': 'main' }),
      record('d', {}),
    ]
    const versionsByRun = new Map(records.map(({ runId }) => [runId, []]))
    const facts = await readRunFacts(
      { versionsByRun } as unknown as RegistryIndex,
      undefined,
      { source: 's', config: { tags }, naming: createDatasetNaming([]) },
      async () => records,
    )
    const index = buildRunIndex(facts, { versionsByRun }, () => undefined)
    const ids = (map: ReadonlyMap<string, readonly { runId: string }[]>) =>
      [...map].map(([key, uses]) => [key, uses.map(({ runId }) => runId)])
    expect(ids(index.codeByRepository)).toEqual([['https://git.example/a/b', ['a']]])
    expect(ids(index.codeByPipelineRun)).toEqual([['ci.example/runs/4', ['b']]])
    expect(JSON.stringify(facts)).not.toContain('s3cret')
  })
})
