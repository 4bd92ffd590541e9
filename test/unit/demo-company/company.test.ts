import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Company, startCompany } from '#demo/company/index.ts'

const now = Date.UTC(2026, 4, 20, 12)
const days = (count: number) => count * 86_400_000

interface SourceConfig {
  id: string
  kind: string
  url: string
  serves?: { model: string; version: string }
}

const sourcesOf = ({ config }: Company) => config.sources as SourceConfig[]
const urlOf = (company: Company, id: string) => sourcesOf(company).find((source) => source.id === id)?.url ?? ''

let company: Company
beforeAll(async () => {
  company = await startCompany({ now })
})
afterAll(() => company.close())

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

async function ask(id: string, path: string, body?: object): Promise<Json> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const response = await fetch(urlOf(company, id) + path, body && post)
  return response.json()
}

const mlflow = (path: string, query: Record<string, string>) =>
  ask('mlflow', `/api/2.0/mlflow/${path}?${new URLSearchParams(query)}`)

/** The version behind an alias, with its run where there is one. */
async function behind(name: string, alias: string): Promise<{ version: Json; run: Json }> {
  const { model_version } = await mlflow('registered-models/alias', { name, alias })
  const { run } = await mlflow('runs/get', { run_id: model_version.run_id })
  return { version: model_version, run }
}

const tagsOf = (of: { tags?: { key: string; value: string }[] }) =>
  Object.fromEntries((of.tags ?? []).map(({ key, value }) => [key, value]))

const served = async (id: string): Promise<Record<string, Json>> => {
  const models: Json[] = await ask(id, '/v2/repository/index', {})
  return Object.fromEntries(models.map((model) => [model.name, model]))
}

describe('the company', () => {
  it('has fourteen models of four teams, and a prompt that is none', async () => {
    const { registered_models } = await mlflow('registered-models/search', { max_results: '1000' })
    expect(registered_models).toHaveLength(14)
    const teams = registered_models.map((model: Json) => tagsOf(model).team ?? 'nobody')
    expect(new Set(teams)).toEqual(new Set(['credit-risk', 'customer-retention', 'pricing', 'fraud-defence', 'nobody']))
    const { registered_model } = await mlflow('registered-models/get', { name: 'summarise-complaint' })
    expect(tagsOf(registered_model)['mlflow.prompt.is_prompt']).toBe('true')
  })

  it('names its sources as a configuration file does', () => {
    expect(sourcesOf(company).map(({ id, kind }) => [id, kind])).toEqual([
      ['mlflow', 'mlflow'],
      ['mlflow-treasury', 'mlflow'],
      ['unity', 'unity-catalog'],
      ['marquez', 'marquez'],
      ['triton', 'open-inference'],
      ['mlserver', 'open-inference'],
      ['churn-scoring', 'mlflow-scoring'],
      ['edge-cluster', 'open-inference'],
      ['git', 'gitea'],
      ['github-enterprise', 'github'],
      ['prometheus', 'prometheus'],
      ['alertmanager', 'alertmanager'],
      ['retention-jobs', 'mlflow-metrics'],
    ])
  })

  it('is as old as it was when it was started', async () => {
    const { model_versions } = await mlflow('model-versions/search', {})
    const times = model_versions.map((version: Json) => version.last_updated_timestamp)
    expect(Math.max(...times)).toBeLessThan(now)
    expect(Math.max(...times)).toBeGreaterThan(now - days(14))
  })
})

describe('its stories', () => {
  it('card-fraud is whole: logged model, run, datasets, commit, and a server that declares it', async () => {
    const { version, run } = await behind('card-fraud', 'champion')
    expect(version).toMatchObject({ version: '5', source: expect.stringMatching(/^models:\/m-[0-9a-f]{32}$/) })
    expect(tagsOf(run.data)['mlflow.source.git.commit']).toMatch(/^[0-9a-f]{40}$/)
    expect(run.inputs.dataset_inputs).toHaveLength(2)
    const { model } = await ask('mlflow', `/api/2.0/mlflow/logged-models/${version.source.replace('models:/', '')}`)
    expect(model.info.source_run_id).toBe(run.info.run_id)
    const { parameters } = await ask('triton', '/v2/models/card-fraud/config')
    expect(parameters.mlflow_run_id).toEqual({ string_value: run.info.run_id })
  })

  it('loan-default has a signature', async () => {
    const query = new URLSearchParams({ name: 'loan-default', version: '2', path: 'MLmodel' })
    const file = await fetch(`${urlOf(company, 'mlflow')}/model-versions/get-artifact?${query}`)
    expect(await file.text()).toContain('"name":"income"')
    expect((await served('triton'))['loan-default']).toMatchObject({ version: '2', state: 'READY' })
  })

  it('the champion of credit-limit is not what triton serves', async () => {
    expect((await behind('credit-limit', 'champion')).version.version).toBe('4')
    expect((await served('triton'))['credit-limit']).toMatchObject({ version: '3', state: 'READY' })
  })

  it('triton serves a model that no registry knows', async () => {
    expect(await served('triton')).toHaveProperty('legacy-scorecard')
    expect(await mlflow('registered-models/get', { name: 'legacy-scorecard' })).toMatchObject({
      error_code: 'RESOURCE_DOES_NOT_EXIST',
    })
  })

  it('triton failed to load what the stage of price-elasticity says is in production', async () => {
    const { registered_model } = await mlflow('registered-models/get', { name: 'price-elasticity' })
    expect(registered_model).not.toHaveProperty('aliases')
    const production = registered_model.latest_versions.find((of: Json) => of.current_stage === 'Production')
    expect(production.version).toBe('2')
    const model = (await served('triton'))['price-elasticity']
    expect(model).toMatchObject({ version: '2', state: 'UNAVAILABLE', reason: expect.stringContaining('At:\n') })
  })

  it('a version of next-best-offer has waited in Staging for months, and mlserver serves it', async () => {
    const { model_version } = await mlflow('model-versions/get', { name: 'next-best-offer', version: '2' })
    expect(model_version.current_stage).toBe('Staging')
    expect(now - model_version.last_updated_timestamp).toBeGreaterThan(days(210))
    expect((await served('mlserver'))['next-best-offer']).toMatchObject({ version: '2', state: 'READY' })
  })

  it('affordability was trained on a laptop, from a local file and no commit', async () => {
    const { run } = await behind('affordability', 'champion')
    expect(tagsOf(run.data)).toMatchObject({ 'mlflow.source.type': 'LOCAL' })
    expect(tagsOf(run.data)).not.toHaveProperty('mlflow.source.git.commit')
    expect(run.inputs.dataset_inputs[0].dataset.source_type).toBe('local')
  })

  it('nobody owns discount-cap, which is in production', async () => {
    const { registered_model } = await mlflow('registered-models/get', { name: 'discount-cap' })
    expect(registered_model).not.toHaveProperty('tags')
    expect((await served('triton'))['discount-cap']).toMatchObject({ version: '1', state: 'READY' })
  })

  it('edge-cluster is down', async () => {
    const failure = await fetch(urlOf(company, 'edge-cluster')).catch((error) => error.cause.code)
    expect(failure).toBe('ECONNREFUSED')
  })

  it('the run that mlserver declares for complaint-topics refutes the version it calls itself', async () => {
    const { parameters } = await ask('mlserver', '/v2/models/complaint-topics/versions/2')
    const runOf = async (version: string) =>
      (await mlflow('model-versions/get', { name: 'complaint-topics', version })).model_version.run_id
    expect(parameters.mlflow_run_id).toBe(await runOf('1'))
    expect(parameters.mlflow_run_id).not.toBe(await runOf('2'))
  })

  it('the run of collections-priority is gone', async () => {
    const { version, run } = await behind('collections-priority', 'champion')
    expect(version.run_id).toMatch(/^[0-9a-f]{32}$/)
    expect(run).toBeUndefined()
  })

  it('the run of basket-forecast was deleted', async () => {
    const { run } = await behind('basket-forecast', 'champion')
    expect(run.info.lifecycle_stage).toBe('deleted')
  })

  it('a metric of churn is no number, and the configuration says who serves it', async () => {
    const { version, run } = await behind('churn', 'champion')
    expect(run.data.metrics).toContainEqual(expect.objectContaining({ key: 'psi', value: 'NaN' }))
    const scoring = sourcesOf(company).find(({ id }) => id === 'churn-scoring')
    expect(scoring?.serves).toMatchObject({ model: 'churn', version: version.version })
    expect((await fetch(`${scoring?.url}/ping`)).status).toBe(200)
  })

  it('demand-forecast has twelve versions, of which 11 is the champion', async () => {
    const { model_versions } = await mlflow('model-versions/search', { filter: "name = 'demand-forecast'" })
    expect(model_versions).toHaveLength(12)
    expect((await behind('demand-forecast', 'champion')).version.version).toBe('11')
    expect((await served('triton'))['demand-forecast']).toMatchObject({ version: '11' })
  })

  it('account-takeover is served by none of the servers that are up', async () => {
    expect(await mlflow('registered-models/get', { name: 'account-takeover' })).toHaveProperty('registered_model')
    expect(await served('triton')).not.toHaveProperty('account-takeover')
    expect(await served('mlserver')).not.toHaveProperty('account-takeover')
  })

  it('device-fingerprint has no champion and no description', async () => {
    const { registered_model } = await mlflow('registered-models/get', { name: 'device-fingerprint' })
    expect(registered_model).not.toHaveProperty('aliases')
    expect(registered_model).not.toHaveProperty('description')
    expect(registered_model.latest_versions[0].current_stage).toBe('None')
  })

  /** The commit that a run's tags name, at a forge. */
  const commitOf = (run: Json): { repository: string; sha: string } => {
    const tags = tagsOf(run.data)
    const repository = /^https:\/\/[^/]+\/(.+)\.git$/.exec(tags['mlflow.source.git.repoURL'] ?? '')?.[1] ?? ''
    return { repository, sha: tags['mlflow.source.git.commit'] ?? '' }
  }

  it('the commit of card-fraud was approved by somebody else at its head, and a CI run trained it', async () => {
    const { run } = await behind('card-fraud', 'champion')
    const { repository, sha } = commitOf(run)
    const pull = await ask('git', `/api/v1/repos/${repository}/commits/${sha}/pull`)
    const [review] = await ask('git', `/api/v1/repos/${repository}/pulls/${pull.number}/reviews`)
    expect(pull).toMatchObject({ merged: true, user: { login: 'fraud-dev' } })
    expect(review).toMatchObject({ user: { login: 'model-review' }, state: 'APPROVED', commit_id: pull.head.sha })
    const url = tagsOf(run.data)['ci.run.url'] ?? ''
    const ci = await ask('git', `/api/v1/repos/${repository}/actions/runs/${url.split('/').at(-1)}`)
    expect(ci).toMatchObject({ html_url: url, head_sha: sha, conclusion: 'success' })
  })

  it('the commit of loan-default was approved by another account of its team', async () => {
    const { repository, sha } = commitOf((await behind('loan-default', 'champion')).run)
    const pull = await ask('git', `/api/v1/repos/${repository}/commits/${sha}/pull`)
    const [review] = await ask('git', `/api/v1/repos/${repository}/pulls/${pull.number}/reviews`)
    expect([pull.user.login, review.user.login]).toEqual(['credit-dev', 'credit-deploy'])
    const people = company.config.people as { logins?: { forge?: string[] } }[]
    expect(people.filter(({ logins }) => logins?.forge?.includes('credit-dev'))).toMatchObject([
      { id: 'credit-risk', logins: { forge: expect.arrayContaining(['credit-deploy']) } },
    ])
  })

  it('the commit of discount-cap was pushed without a pull request', async () => {
    const { repository, sha } = commitOf((await behind('discount-cap', 'champion')).run)
    const [owner, name] = repository.split('/')
    const query = `{ repository(owner: "${owner}", name: "${name}") { object(oid: "${sha}") { ... on Commit { associatedPullRequests(first: 1) { nodes { number } } } } } }`
    const { data } = await ask('github-enterprise', '/api/graphql', { query })
    expect(data.repository.object.associatedPullRequests.nodes).toEqual([])
  })

  it('churn was trained in a CI run whose address nobody recorded', async () => {
    const { run } = await behind('churn', 'champion')
    const { repository, sha } = commitOf(run)
    const { workflow_runs } = await ask('git', `/api/v1/repos/${repository}/actions/runs?head_sha=${sha}`)
    expect(tagsOf(run.data)).not.toHaveProperty('ci.run.url')
    const spans = workflow_runs.map((ci: Json) => [Date.parse(ci.started_at), Date.parse(ci.completed_at)])
    const started = Number(run.info.start_time)
    expect(spans.filter(([from, to]: Json) => from <= started && started <= to)).toHaveLength(1)
  })

  it('data comes from an object store, a lakehouse and the web, with digests', async () => {
    const { runs } = await ask('mlflow', '/api/2.0/mlflow/runs/search', { experiment_ids: ['1', '2', '3', '4'] })
    const datasets = runs.flatMap(({ inputs }: Json) => (inputs.dataset_inputs ?? []).map((of: Json) => of.dataset))
    expect(new Set(datasets.map((of: Json) => of.source_type))).toEqual(new Set(['s3', 'delta_table', 'http', 'local']))
    for (const { digest } of datasets) expect(digest).toMatch(/^[0-9a-f]{8}$/)
  })
})

describe('companies', () => {
  it('run side by side', async () => {
    const other = await startCompany()
    try {
      const running = (one: Company) => sourcesOf(one).flatMap(({ id, url }) => (id === 'edge-cluster' ? [] : [url]))
      expect(new Set(running(company)).intersection(new Set(running(other))).size).toBe(0)
      expect((await fetch(`${urlOf(other, 'mlflow')}/health`)).status).toBe(200)
      expect((await fetch(`${urlOf(company, 'mlflow')}/health`)).status).toBe(200)
    } finally {
      await other.close()
    }
  })

  it('leave nothing listening when they are closed', async () => {
    const other = await startCompany()
    await other.close()
    for (const { id, url } of sourcesOf(other)) {
      const failure = await fetch(url).catch((error) => error.cause.code)
      expect([id, failure]).toEqual([id, 'ECONNREFUSED'])
    }
  })

  it('can be closed twice', async () => {
    const other = await startCompany()
    await other.close()
    await expect(other.close()).resolves.toBeUndefined()
  })
})
