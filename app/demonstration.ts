import { startCompany } from '#demo/company/index.ts'
import { speakers } from '#demo/company/statements.ts'
import { buildConfig } from '#lib/config/load.ts'
import type { Config } from '#lib/config/schema.ts'
import type { State } from '#lib/state/port.ts'
import { writeHistory } from './demonstration-history.ts'
import { writeStatements } from './demonstration-statements.ts'
import { kinds } from './kinds.ts'

/** The demonstration company, running, and the configuration that reads it. */
export interface Demonstration {
  readonly config: Config
  /** Gives it its past: what was seen, and what people said. */
  writePast(state: State): Promise<void>
  close(): Promise<void>
}

/** Starts the demonstration company on free ports of this computer; where to listen stays as `base` says. */
export async function startDemonstration(base: Config): Promise<Demonstration> {
  const company = await startCompany()
  const { host, port } = base.gateway
  // Whoever looks at it sits at this computer; a port that is taken when it listens has no address yet.
  const publicUrl = base.gateway.publicUrl ?? (port === 0 ? undefined : `http://${host}:${port}`)
  return {
    config: {
      ...buildConfig(company.config, kinds),
      gateway: { ...base.gateway, ...(publicUrl !== undefined && { publicUrl }) },
    },
    async writePast(state) {
      await writeHistory(state, company.past)
      await writeStatements(state, company.statements, speakers)
    },
    close: company.close,
  }
}
