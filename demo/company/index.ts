import { createServer } from 'node:net'
import { startAlertmanager } from '../alertmanager/index.ts'
import type { ForgeData } from '../forge/spec.ts'
import { startGitea } from '../gitea/index.ts'
import { startGithub } from '../github/index.ts'
import { startMarquez } from '../marquez/index.ts'
import { startMlflow } from '../mlflow/index.ts'
import { startMlflowScoring } from '../mlflow-scoring/index.ts'
import { startOpenInference } from '../open-inference/index.ts'
import { startPrometheus } from '../prometheus/index.ts'
import type { StandIn } from '../stand-in.ts'
import { startUnityCatalog } from '../unity-catalog/index.ts'
import { type DaysAgo, GITEA, GITHUB } from './build.ts'
import { lakehouse, lineage } from './catalogs.ts'
import { forgeOf } from './forges.ts'
import { historyOf, type PastCompany } from './history.ts'
import { alerts, monitoringRuns, series } from './monitoring.ts'
import { mlserver, triton } from './serving.ts'
import { type CompanyConfig, configOf } from './sources.ts'
import { type Statement, statementsOf } from './statements.ts'
import { credit } from './teams/credit.ts'
import { fraud } from './teams/fraud.ts'
import { pricing } from './teams/pricing.ts'
import { retention } from './teams/retention.ts'
import { treasury } from './teams/treasury.ts'

export interface CompanyOptions {
  /** Milliseconds since 1970, to which everything in the company is relative. The system's clock when absent. */
  now?: number
}

/** The demonstration company, running. */
export interface Company {
  /** The configuration that reads it. */
  config: CompanyConfig
  /** What was seen of it in the last two years: made up. */
  past: PastCompany
  /** What people said of it in that time: made up. */
  statements: readonly Statement[]
  /** Stops every server. */
  close(): Promise<void>
}

/** Starts the demonstration company: its tools on free ports of this computer, and one that is down. */
export async function startCompany({ now = Date.now() }: CompanyOptions = {}): Promise<Company> {
  const started: StandIn[] = []
  const close = async () => {
    await Promise.all(started.splice(0).map((standIn) => standIn.close()))
  }
  const start = async (starting: Promise<StandIn>) => {
    const standIn = await starting
    started.push(standIn)
    return standIn.url
  }
  const ahead = now - Date.now()
  const clock = () => Date.now() + ahead
  const daysAgo: DaysAgo = (days) => now - days * 86_400_000
  try {
    const data = registry(daysAgo)
    const treasuryData = treasury(daysAgo)
    const gitea = forgeOf(GITEA, [...data.runs, ...treasuryData.runs])
    const github = forgeOf(GITHUB, data.runs)
    const urls = {
      mlflow: await start(startMlflow({ version: '3.17.2', data })),
      mlflowTreasury: await start(startMlflow({ version: '2.22.5', data: treasuryData })),
      unity: await start(startUnityCatalog({ catalogs: lakehouse(daysAgo) })),
      marquez: await start(startMarquez({ data: lineage(daysAgo) })),
      triton: await start(startOpenInference({ dialect: 'triton', models: triton })),
      mlserver: await start(startOpenInference({ dialect: 'mlserver', models: mlserver })),
      churnScoring: await start(startMlflowScoring({ version: '3.17.2', prediction: 0.12 })),
      prometheus: await start(startPrometheus({ series: series(daysAgo), now: clock })),
      alertmanager: await start(startAlertmanager({ ...alerts(daysAgo), now: clock })),
      gitea: await start(startGitea({ webUrl: `https://${GITEA}`, data: gitea })),
      github: await start(startGithub({ webUrl: `https://${GITHUB}`, data: github })),
      edgeCluster: `http://127.0.0.1:${await closedPort()}`,
    }
    const config = configOf(urls, { gitea: pathsOf(gitea), github: pathsOf(github) })
    const registries = { mlflow: data.models, 'mlflow-treasury': treasuryData.models }
    return { config, past: historyOf(registries, daysAgo), statements: statementsOf(daysAgo), close }
  } catch (error) {
    await close()
    throw error
  }
}

const pathsOf = ({ repositories }: ForgeData) => repositories.map(({ path }) => path)

function registry(daysAgo: DaysAgo) {
  const teams = [credit, retention, pricing, fraud].map((team) => team(daysAgo))
  const watched = monitoringRuns(daysAgo)
  return {
    experiments: [...teams, watched].flatMap(({ experiments }) => experiments),
    runs: [...teams, watched].flatMap(({ runs }) => runs),
    loggedModels: teams.flatMap(({ loggedModels = [] }) => loggedModels),
    models: teams.flatMap(({ models }) => models),
  }
}

/** A port of this computer that refuses connections: it was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No free port')
  return address.port
}
