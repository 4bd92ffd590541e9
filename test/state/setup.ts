import type { TestProject } from 'vitest/node'
import { startRealPostgres } from '../live/servers/postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of the PostgreSQL that all tests of the state share, each with a schema of its own. */
    postgres: string
  }
}

/** Starts one PostgreSQL for all tests of the state. That it is missing is an error, never a reason to skip. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startRealPostgres()
  provide('postgres', url)
  return stop
}
