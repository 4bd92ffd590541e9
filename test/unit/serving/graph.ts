import { type ExecutionResult, graphql } from 'graphql'
import { pino } from 'pino'
import { z } from 'zod'
import { loadConfig } from '#lib/config/load.ts'
import type { RequestContext } from '#lib/context.ts'
import type { Subgraph } from '#lib/subgraph.ts'
import { servingAdapters } from '#services/serving/adapters.ts'
import { createServingSubgraph } from '#services/serving/index.ts'

const log = pino({ level: 'silent' })

/** A kind that has no adapter here: the registry that the others name. */
const registry = z.object({}).meta({ role: 'registry', description: 'A registry.' })

/** The serving subgraph of a `modelops.yaml`. */
export function subgraphOf(text: string, registries: readonly string[] = []): Subgraph {
  const kinds = Object.fromEntries(servingAdapters.map(({ kind, options }) => [kind, options as z.ZodObject]))
  const config = loadConfig({ text, file: 'modelops.yaml', env: {}, kinds: { ...kinds, mlflow: registry } })
  return createServingSubgraph({ config, registries, log })
}

/** A request of somebody who may see everything. */
export const contextOf = (more: Partial<RequestContext> = {}): RequestContext => ({
  ...{ requestId: 'test', caller: { subject: 'test', roles: ['admin'], scopes: [] }, log },
  ...{ signal: AbortSignal.timeout(5_000), ...more },
})

/** Asks the subgraph as one request. */
export async function query(
  { schema }: Subgraph,
  source: string,
  variableValues: Record<string, unknown> = {},
  context: RequestContext = contextOf(),
  // biome-ignore lint/suspicious/noExplicitAny: what comes back depends on the query, and tests compare it whole
): Promise<ExecutionResult<any>> {
  return graphql({ schema: await schema, source, variableValues, contextValue: context })
}
