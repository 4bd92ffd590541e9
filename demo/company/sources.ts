import { GITEA, GITHUB, runTag } from './build.ts'
import { applications } from './catalogs.ts'
import { monitoringSources } from './monitoring.ts'

/** Where the company's tools listen. */
export interface Addresses {
  mlflow: string
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
}

/** The company as a platform team would configure it. */
export function configOf(
  urls: Addresses,
  repositories: { readonly gitea: readonly string[]; readonly github: readonly string[] },
): CompanyConfig {
  const scans = [{ name: 'trivy / dependencies', kind: 'dependency', tool: 'Trivy' }]
  const sources = [
    { id: 'mlflow', kind: 'mlflow', title: 'MLflow', url: urls.mlflow },
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
    { id: 'model-review', name: 'Model review', kind: 'team', logins: { forge: ['model-review'] } },
  ]
  return { sources, people, applications, tags: { pipelineRun: [runTag] } }
}

/** A team and its accounts: of its pipelines in MLflow, of its developers and its deployments at the forges. */
function team(id: string, name: string, account: string): object {
  const logins = { mlflow: [`${account}-pipelines`], forge: [`${account}-dev`, `${account}-deploy`] }
  return { id, name, kind: 'team', logins }
}
