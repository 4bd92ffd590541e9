import { z } from 'zod'
import { type AdapterContext, type Capabilities, defineAdapter } from '#lib/adapter.ts'
import { secretText } from '#lib/config/options.ts'
import type { UpstreamCall } from '#lib/upstream/upstream.ts'
import type { ModelList, RegistryPort } from '../port.ts'
import { readArtifacts } from './artifacts.ts'
import { Experiments } from './experiments.ts'
import { readLoggedModels } from './logged-models.ts'
import { modelRecords } from './records.ts'
import { askAll, type Page } from './requests.ts'
import { readRuns } from './runs.ts'
import { createVerifier } from './webhook.ts'
import { pages } from './wire.ts'

/** Largest pages that 2.22.5 and 3.17.2 both accept: fewer calls cost the server less than smaller answers. */
const MODELS_PER_PAGE = 1_000
const VERSIONS_PER_PAGE = 10_000

const options = z
  .object({
    webhookSecret: secretText()
      .optional()
      .describe(
        'Secret of the webhook in MLflow (3.3 or later) that tells `POST /webhooks/mlflow?source=<id>` of changes, so that they show at once. Default: none is taken.',
      ),
  })
  .meta({ role: 'registry', description: 'MLflow tracking server with its model registry.' })

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

  async function models(call: UpstreamCall, maxVersions: number): Promise<ModelList> {
    const search = (path: string, size: number) => (token: string | undefined) => ({
      method: 'GET' as const,
      path,
      query: { max_results: size, page_token: token },
    })
    const list = <T extends Page>(path: string, size: number, schema: z.ZodType<T>) =>
      askAll(upstream, source.id, search(path, size), schema, call, (read) => read.length * size >= maxVersions)
    const [models, versions] = await Promise.all([
      list('registered-models/search', MODELS_PER_PAGE, pages.registeredModels),
      // The last updated first.
      list('model-versions/search', VERSIONS_PER_PAGE, pages.modelVersions),
      readVersion(call),
    ])
    const more = [models, versions].some((read) => read.at(-1)?.next_page_token != null)
    // Versions of models that the first search does not show are left out: 2.x with basic-auth filters models only.
    const records = modelRecords(
      models.flatMap(({ registered_models }) => registered_models),
      versions.flatMap(({ model_versions }) => model_versions),
      source.url,
    )
    return { models: records, truncated: more }
  }

  async function probe(call: UpstreamCall): Promise<Capabilities> {
    const [version] = await Promise.all([
      readVersion(call),
      askAll(
        upstream,
        source.id,
        () => ({ method: 'GET', path: 'registered-models/search', query: { max_results: 1 } }),
        pages.registeredModels,
        call,
        () => true,
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
    received: source.webhookSecret && createVerifier(source.webhookSecret),
  }
}
