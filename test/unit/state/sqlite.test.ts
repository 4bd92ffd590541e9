import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSqliteState } from '#lib/state/create.ts'
import { type StatePlace, stateSuite } from './suite.ts'

stateSuite(async (): Promise<StatePlace> => {
  const folder = mkdtempSync(join(tmpdir(), 'modelops-state-'))
  return {
    open: () => createSqliteState(join(folder, 'new', 'state.db')),
    close: async () => rmSync(folder, { recursive: true }),
  }
})
