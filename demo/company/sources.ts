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
}

/** Of the same form as `modelops.yaml`. */
export interface CompanyConfig {
  sources: object[]
  people: object[]
  applications: readonly object[]
}

/** The company as a platform team would configure it. */
export function configOf(urls: Addresses): CompanyConfig {
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
    ...monitoringSources(urls),
  ]
  const people = [
    team('credit-risk', 'Credit risk', 'credit-pipelines'),
    team('customer-retention', 'Customer retention', 'retention-pipelines'),
    team('pricing', 'Pricing', 'pricing-pipelines'),
    team('fraud-defence', 'Fraud defence', 'fraud-pipelines'),
  ]
  return { sources, people, applications }
}

function team(id: string, name: string, account: string): object {
  return { id, name, kind: 'team', logins: { mlflow: [account] } }
}
