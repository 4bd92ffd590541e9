import { startCompany } from '#demo/company/index.ts'
import { buildConfig } from '#lib/config/load.ts'
import type { Config } from '#lib/config/schema.ts'
import type { State } from '#lib/state/port.ts'
import { writeHistory } from './demonstration-history.ts'
import { kinds } from './kinds.ts'

/** The demonstration company, running, and the configuration that reads it. */
export interface Demonstration {
  readonly config: Config
  /** Gives it its past. */
  writeHistory(state: State): Promise<void>
  close(): Promise<void>
}

/** Starts the demonstration company on free ports of this computer; where to listen stays as `base` says. */
export async function startDemonstration(base: Config): Promise<Demonstration> {
  const company = await startCompany()
  return {
    config: { ...buildConfig(company.config, kinds), gateway: base.gateway },
    writeHistory: (state) => writeHistory(state, company.past),
    close: company.close,
  }
}
