import { GITEA, GITHUB, runTag } from './build.ts'
import { applications } from './catalogs.ts'
import { monitoringSources } from './monitoring.ts'

/** Where the company's tools listen. */
export interface Addresses {
  mlflow: string
  mlflowTreasury: string
  unity: string
  marquez: string
  triton: string
  mlserver: string
  churnScoring: string
  prometheus: string
  alertmanager: string
  edgeCluster: string
  gitea: string
  github: string
}

/** Of the same form as `modelops.yaml`. */
export interface CompanyConfig {
  sources: object[]
  people: object[]
  tags: object
  applications: readonly object[]
  governance: object
}

/** The company as a platform team would configure it. */
export function configOf(
  urls: Addresses,
  repositories: { readonly gitea: readonly string[]; readonly github: readonly string[] },
): CompanyConfig {
  const scans = [{ name: 'trivy / dependencies', kind: 'dependency', tool: 'Trivy' }]
  const sources = [
    { id: 'mlflow', kind: 'mlflow', title: 'MLflow', url: urls.mlflow },
    { id: 'mlflow-treasury', kind: 'mlflow', title: 'MLflow of treasury', url: urls.mlflowTreasury },
    {
      ...{ id: 'unity', kind: 'unity-catalog', title: 'Unity Catalog', url: urls.unity },
      namespace: 'unitycatalog://unity.bank.example',
    },
    { id: 'marquez', kind: 'marquez', title: 'Marquez', url: urls.marquez },
    {
      ...{ id: 'triton', kind: 'open-inference', title: 'Triton, production', url: urls.triton },
      ...{ environment: 'production', registry: 'mlflow', convention: 'name-and-version' },
    },
    {
      ...{ id: 'mlserver', kind: 'open-inference', title: 'MLServer, staging', url: urls.mlserver },
      environment: 'staging',
    },
    {
      ...{ id: 'churn-scoring', kind: 'mlflow-scoring', title: 'Churn scoring', url: urls.churnScoring },
      ...{ environment: 'production', serves: { registry: 'mlflow', model: 'churn', version: '3' } },
    },
    {
      ...{ id: 'edge-cluster', kind: 'open-inference', title: 'Edge cluster', url: urls.edgeCluster },
      ...{ environment: 'production', registry: 'mlflow', convention: 'name-and-version' },
    },
    {
      ...{ id: 'git', kind: 'gitea', title: 'Gitea', url: urls.gitea },
      ...{ hosts: [GITEA], repositories: [...repositories.gitea], scans },
    },
    {
      ...{ id: 'github-enterprise', kind: 'github', title: 'GitHub Enterprise', url: urls.github },
      ...{ hosts: [GITHUB], repositories: [...repositories.github], scans },
    },
    ...monitoringSources(urls),
  ]
  const people = [
    team('credit-risk', 'Credit risk', 'credit'),
    team('customer-retention', 'Customer retention', 'retention'),
    team('pricing', 'Pricing', 'pricing'),
    team('fraud-defence', 'Fraud defence', 'fraud'),
    { id: 'treasury', name: 'Treasury', kind: 'team' },
    // One person's, as far as the company knows, so that it can be told who had a part in a model and who had none.
    {
      ...{ id: 'treasury-developer', name: 'Developer of treasury', kind: 'person' },
      logins: { mlflow: ['treasury-pipelines'], forge: ['treasury-dev'] },
    },
    {
      ...{ id: 'model-validation', name: 'Model validation', kind: 'person' },
      logins: { identityProvider: ['demonstration:validator'] },
    },
    { id: 'model-review', name: 'Model review', kind: 'team', logins: { forge: ['model-review'] } },
  ]
  // Teams are no accounts: which of them are there to stay, no tool of the company tells.
  const parameters = [{ rule: 'owner-active', set: { namedIsEnough: true } }]
  return { sources, people, applications, tags: { pipelineRun: [runTag] }, governance: { parameters } }
}

/** A team and its accounts: of its pipelines in MLflow, of its developers and its deployments at the forges. */
function team(id: string, name: string, account: string): object {
  const logins = { mlflow: [`${account}-pipelines`], forge: [`${account}-dev`, `${account}-deploy`] }
  return { id, name, kind: 'team', logins }
}
