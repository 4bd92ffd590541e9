import { type ExecutionResult, graphql } from 'graphql'
import { pino } from 'pino'
import { kinds } from '#app/kinds.ts'
import { type MarquezData, startMarquez } from '#demo/marquez/index.ts'
import type { StandIn } from '#demo/stand-in.ts'
import { type CatalogSpec, startUnityCatalog } from '#demo/unity-catalog/index.ts'
import { buildConfig } from '#lib/config/load.ts'
import type { RequestContext } from '#lib/context.ts'
import { createCatalogSubgraph } from '#services/catalog/index.ts'

const log = pino({ level: 'silent' })

/** The catalog subgraph over stand-ins, in the order in which they are given. */
export interface CatalogGraph {
  readonly standIns: readonly StandIn[]
  // biome-ignore lint/suspicious/noExplicitAny: what comes back depends on the query
  ask(source: string, context?: Partial<RequestContext>): Promise<ExecutionResult<any>>
  close(): Promise<void>
}

/** `settings`: other sections of the configuration. */
export async function startCatalogGraph(
  sources: readonly ({ id: string; marquez: MarquezData } | { id: string; unity: readonly CatalogSpec[] })[],
  settings: object = {},
): Promise<CatalogGraph> {
  const standIns = await Promise.all(
    sources.map((source) =>
      'marquez' in source ? startMarquez({ data: source.marquez }) : startUnityCatalog({ catalogs: source.unity }),
    ),
  )
  const written = sources.map((source, i) => ({
    ...{ id: source.id, url: standIns[i]?.url },
    ...('marquez' in source ? { kind: 'marquez' } : { kind: 'unity-catalog', namespace: 'unitycatalog://uc' }),
  }))
  // There is always a source that is no catalog.
  const other = { id: 'mlflow', kind: 'mlflow', url: 'http://mlflow.example' }
  const config = buildConfig({ ...settings, sources: [...written, other] }, kinds)
  const subgraph = createCatalogSubgraph({ config, registries: ['mlflow'], log })
  return {
    standIns,
    ask: async (source, more = {}) => {
      const contextValue: RequestContext = {
        ...{ requestId: 'test', caller: { subject: 'test', roles: ['admin'], scopes: [] }, log },
        ...{ signal: AbortSignal.timeout(5_000), ...more },
      }
      return graphql({ schema: await subgraph.schema, source, contextValue })
    },
    close: async () => {
      await subgraph.close()
      await Promise.all(standIns.map((standIn) => standIn.close()))
    },
  }
}

export const AT = '2026-01-05T00:00:00Z'
export const at = { created_at: Date.parse(AT) }

/** A chain of datasets `<prefix>0` … `<prefix>n`, each made from the one before by a job of its own. */
export function chain(
  namespace: string,
  prefix: string,
  count: number,
): Required<Pick<MarquezData, 'datasets' | 'jobs'>> {
  const names = Array.from({ length: count }, (_, i) => ({ namespace, name: `${prefix}${i}` }))
  return {
    datasets: names.map((key) => ({ ...key, createdAt: AT })),
    jobs: names.slice(1).map((key, i) => ({
      ...{ namespace: 'airflow', name: `${prefix}-job-${i}`, createdAt: AT },
      ...{ inputs: [{ namespace, name: `${prefix}${i}` }], outputs: [key] },
    })),
  }
}
