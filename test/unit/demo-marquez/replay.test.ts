import { readdirSync } from 'node:fs'
import { describe } from 'vitest'
import { startMarquez } from '#demo/marquez/index.ts'
import { replayAll, type Volatile } from '../demo-open-inference/recordings.ts'
import { FIXTURES, recordedData, recordedJob } from './recorded.ts'

const JOBS = ['15-job', '54-job-name-slash-colon-space']
const AFTER_DELETE = ['60-dataset-get-after-delete']
const all = readdirSync(FIXTURES).map((file) => file.replace(/\.json$/, ''))

const compressed: Volatile = { why: 'the length was recorded of the compressed body', headers: ['content-length'] }
const chunked: Volatile = { why: 'sent in chunks, so without a length', unrecorded: ['content-length'] }
const VOLATILE: Record<string, Volatile> = {
  ...Object.fromEntries(all.map((file) => [file, compressed])),
  ...Object.fromEntries(
    ['13-dataset-versions', '15-job', '22-lineage-depth-1', '48-lineage-by-symlink-name'].map((file) => [
      file,
      chunked,
    ]),
  ),
}

async function afterDelete() {
  const server = await startMarquez({ data: recordedData() })
  await fetch(`${server.url}/api/v1/namespaces/bigquery/datasets/acme-prod.reporting.fraud_daily`, { method: 'DELETE' })
  return server
}

describe('the stand-in of Marquez', () => {
  replayAll(
    FIXTURES,
    [
      {
        stage: 'with the datasets of the recorded server',
        start: () => startMarquez({ data: recordedData() }),
        replays: all.filter((name) => ![...JOBS, ...AFTER_DELETE].includes(name)),
      },
      { stage: 'after a dataset was deleted', start: afterDelete, replays: AFTER_DELETE },
      ...JOBS.map((file) => ({
        stage: `with the job of ${file}`,
        start: () => startMarquez({ data: recordedJob(file) }),
        replays: [file],
      })),
    ],
    VOLATILE,
  )
})
