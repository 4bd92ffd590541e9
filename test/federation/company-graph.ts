import { writeHistory } from '#app/demonstration-history.ts'
import { writeStatements } from '#app/demonstration-statements.ts'
import { type Company, startCompany } from '#demo/company/index.ts'
import { speakers } from '#demo/company/statements.ts'
import { createMemoryState } from '#lib/state/create.ts'
import { type Graph, type GraphOptions, startGraph } from './graph.ts'

/** The graph over the demonstration company; closing it closes both. `settingsOf`: what else the configuration says. */
export async function startCompanyGraph(
  settingsOf: (config: Company['config']) => object = () => ({}),
  options: Partial<GraphOptions> = {},
): Promise<Graph> {
  const company = await startCompany()
  const state = createMemoryState()
  await writeHistory(state, company.past)
  await writeStatements(state, company.statements, speakers)
  const graph = await startGraph({
    state,
    sources: [...company.config.sources],
    settings: settingsOf(company.config),
    ...options,
  })
  return {
    ...graph,
    close: async () => {
      await graph.close()
      await company.close()
    },
  }
}
