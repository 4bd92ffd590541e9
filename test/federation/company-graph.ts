import { type Company, startCompany } from '#demo/company/index.ts'
import { type Graph, type GraphOptions, startGraph } from './graph.ts'

/** The graph over the demonstration company; closing it closes both. `settingsOf`: what else the configuration says. */
export async function startCompanyGraph(
  settingsOf: (config: Company['config']) => object = () => ({}),
  options: Partial<GraphOptions> = {},
): Promise<Graph> {
  const company = await startCompany()
  const graph = await startGraph({
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
