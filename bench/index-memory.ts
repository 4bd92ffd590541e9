import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { settings } from '#lib/config/settings.ts'
import { modelRecords } from '#services/models/mlflow/records.ts'
import { pages } from '#services/models/mlflow/wire.ts'
import type { ModelList } from '#services/models/port.ts'
import type { Registry } from '#services/models/registry.ts'
import { buildIndex } from '#services/models/registry-index.ts'

/**
 * How much memory the index of a registry takes: `node bench/index-memory.ts [models] [versions of each]`. The answers
 * are read from text as they are from a server, so that nothing is counted as shared that would not be.
 */

const [models = 5_000, versions = 10] = process.argv.slice(2).map(Number)
const START = Date.UTC(2026, 0, 5)
const TEAMS = ['risk', 'growth', 'logistics', 'fraud', 'pricing', 'search', 'content']

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

function heapMegabytes(): number {
  // Twice: the first one leaves what only weak references held.
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed / 1_048_576
}

const hash = (n: number, length: number) => (n * 2_654_435_761).toString(16).padStart(length, '0').slice(-length)
const name = (model: number) => `${TEAMS[model % TEAMS.length]}-model-${String(model).padStart(5, '0')}`

function modelsPage(): string {
  const registered_models = Array.from({ length: models }, (_, i) => ({
    name: name(i),
    creation_timestamp: START + i * 1_000,
    last_updated_timestamp: START + i * 2_000,
    description: `Predicts outcome ${i} for the ${TEAMS[i % TEAMS.length]} team, from the features of the last 30 days.`,
    tags: [
      { key: 'owner', value: `${TEAMS[i % TEAMS.length]}@example.com` },
      { key: 'team', value: `${TEAMS[i % TEAMS.length]} modelling` },
      { key: 'domain', value: 'retail banking' },
    ],
    aliases: [
      { alias: 'champion', version: String(versions) },
      { alias: 'challenger', version: '1' },
    ],
  }))
  return JSON.stringify({ registered_models })
}

function versionsPage(): string {
  const model_versions = Array.from({ length: models * versions }, (_, i) => {
    const run = hash(i + 1, 32)
    return {
      name: name(Math.floor(i / versions)),
      version: String((i % versions) + 1),
      creation_timestamp: START + i * 1_000,
      last_updated_timestamp: START + i * 2_000,
      user_id: 'training-pipeline@example.com',
      current_stage: i % versions === 0 ? 'Production' : 'None',
      source: `s3://models-of-the-company/mlflow/artifacts/1/${run}/artifacts/model`,
      run_id: run,
      status: 'READY',
      tags: [
        { key: 'validation_status', value: 'approved' },
        { key: 'mlflow.source.git.commit', value: hash(i + 7, 40) },
        { key: 'ci.run_url', value: `https://ci.example/pipelines/${i}` },
      ],
      run_link: '',
    }
  })
  return JSON.stringify({ model_versions })
}

/** As the adapter reads a server's answers. */
function readFromServer(): ModelList {
  const { registered_models } = pages.registeredModels.parse(JSON.parse(modelsPage()))
  const { model_versions } = pages.modelVersions.parse(JSON.parse(versionsPage()))
  return { models: modelRecords(registered_models, model_versions, 'https://mlflow.example'), truncated: false }
}

const registry = { id: 'mlflow-prod' } as Registry
const { production } = settings.parse({ sources: [{}] })

function measure(what: string, list: () => ModelList): void {
  const before = heapMegabytes()
  const started = performance.now()
  const read = list()
  const parsed = performance.now()
  const index = buildIndex(registry, read, production, new Date())
  const built = performance.now()
  const megabytes = heapMegabytes() - before
  const count = index.models.reduce((sum, model) => sum + model.versions.length, 0)
  const times = `read in ${Math.round(parsed - started)} ms, indexed in ${Math.round(built - parsed)} ms`
  const perThousand = (megabytes / count) * 1_000
  console.log(
    `${what}: ${count} versions, ${megabytes.toFixed(1)} MB, ${perThousand.toFixed(2)} MB per 1,000 versions; ${times}`,
  )
}

// What is compiled and cached once is not of the index.
readFromServer()
measure('from a server', readFromServer)
const shared = JSON.stringify(readFromServer())
measure('from another instance', () => JSON.parse(shared))
