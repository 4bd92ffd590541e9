import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const project = (name: string, extra: object = {}) => ({
  // As Node finds it: by its "module", graphql would be loaded a second time, and instances of the two do not mix.
  resolve: { alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql')) }] },
  test: { name, include: [`test/${name}/**/*.test.ts`], ...extra },
})

/**
 * `distributed` has the tests of `federation` over again, with each subgraph in a process of its own. `live` starts real
 * servers, so it has its own set-up and patience; the others need nothing but Node.
 */
export default defineConfig({
  test: {
    projects: [
      project('unit'),
      project('contract'),
      project('federation', { testTimeout: 20_000 }),
      project('distributed', {
        include: ['test/federation/**/*.test.ts'],
        exclude: ['**/command-line*.test.ts'],
        env: { MODELOPS_TEST_MODE: 'distributed' },
        // Six processes start before the first answer.
        testTimeout: 60_000,
      }),
      // Starts a PostgreSQL, from npm.
      project('state', { globalSetup: ['test/state/setup.ts'], testTimeout: 30_000 }),
      project('faults', { testTimeout: 20_000 }),
      project('live', {
        globalSetup: ['test/live/setup.ts'],
        testTimeout: 60_000,
        hookTimeout: 120_000,
        fileParallelism: false,
      }),
    ],
  },
})
