import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds the page that the gateway serves below `/graphiql/`: nothing in it may come from another origin. */
export default defineConfig({
  base: '/graphiql/',
  plugins: [react()],
  build: {
    outDir: 'dist',
    // GraphiQL's editor (Monaco) is one piece of 3 MB, from the same origin and loaded after the page is drawn.
    chunkSizeWarningLimit: 4096,
    // Every browser of the default target (widely available ones) knows module preloading.
    modulePreload: { polyfill: false },
    // The licences of all that is bundled ask to travel with it.
    license: { fileName: 'licenses.md' },
    // GraphiQL's files say "use no memo" to React's compiler, which we do not run.
    rolldownOptions: { checks: { moduleLevelDirective: false } },
  },
})
