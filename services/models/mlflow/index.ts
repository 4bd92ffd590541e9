import { z } from 'zod'
import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { RegistryPort } from '../port.ts'
import { readArtifacts } from './artifacts.ts'
import { Experiments } from './experiments.ts'
import { readLoggedModels } from './logged-models.ts'
import { modelRecords } from './records.ts'
import { askAll } from './requests.ts'
import { readRuns } from './runs.ts'
import { pages } from './wire.ts'

/** Largest pages that 2.22.5 and 3.17.2 both accept: fewer calls cost the server less than smaller answers. */
const MODELS_PER_PAGE = 1_000
const VERSIONS_PER_PAGE = 10_000

const options = z.object({}).meta({ role: 'registry', description: 'MLflow tracking server with its model registry.' })

/** MLflow 2.x and 3.x, by the REST API that both share. */
export const mlflow = defineAdapter<RegistryPort, typeof options>({ kind: 'mlflow', options, create })

function create({ source, upstream, state }: AdapterContext<typeof options>): RegistryPort {
  const server = { id: source.id, base: source.url, upstream }
  const experiments = new Experiments(server)

  async function readVersion(call: UpstreamCall): Promise<string> {
    const { text } = await upstream.request({ method: 'GET', path: '/version' }, call)
    const version = text.trim()
    if (/^\d+\.\d+/.test(version)) state.version = version
    return version
  }

  async function models(call: UpstreamCall) {
    const search = (path: string, size: number) => (token: string | undefined) => ({
      method: 'GET' as const,
      path,
      query: { max_results: size, page_token: token },
    })
    const [models, versions] = await Promise.all([
      askAll(upstream, source.id, search('registered-models/search', MODELS_PER_PAGE), pages.registeredModels, call),
      askAll(upstream, source.id, search('model-versions/search', VERSIONS_PER_PAGE), pages.modelVersions, call),
      readVersion(call),
    ])
    // Versions of models that the first search does not show are left out: 2.x with basic-auth filters models only.
    return modelRecords(
      models.flatMap(({ registered_models }) => registered_models),
      versions.flatMap(({ model_versions }) => model_versions),
      source.url,
    )
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const [version] = await Promise.all([
      readVersion(call),
      askAll(
        upstream,
        source.id,
        () => ({ method: 'GET', path: 'registered-models/search', query: { max_results: 1 } }),
        pages.registeredModels.transform((page) => ({ ...page, next_page_token: null })),
        call,
      ),
      experiments.read(call),
    ])
    const old = version.startsWith('2.') || version.startsWith('1.')
    return {
      version,
      can: ['models and versions', 'runs with datasets', ...(old ? [] : ['logged models'])],
      cannot: old ? ['logged models: MLflow has them since 3.0'] : [],
    }
  }

  return {
    probe,
    models,
    runs: (ids, call) => readRuns(server, experiments, ids, call),
    loggedModels: (ids, call) => readLoggedModels(server, experiments, ids, call),
    artifacts: (versions, call) => readArtifacts(server, versions, call),
  }
}
