import { createRequire } from 'node:module'

/**
 * What Apollo's gateway imports for uses that are not ours: an HTTP client for subgraphs (`gateway/remote.ts` has its
 * own), composing (`app/team-subgraphs.ts` does), pictures of plans, and the export of Apollo's telemetry, which
 * stays off (`apollo-environment.ts`). They are most of what it imports, and take a quarter of the time to start.
 */
const unused = [
  '@apollo/composition',
  'make-fetch-happen',
  'node-fetch',
  'ts-graphviz',
  '@opentelemetry/exporter-metrics-otlp-http',
  '@opentelemetry/resource-detector-alibaba-cloud',
  '@opentelemetry/resource-detector-aws',
  '@opentelemetry/resource-detector-azure',
  '@opentelemetry/resource-detector-gcp',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-metrics',
  '@opentelemetry/semantic-conventions/incubating',
]

/** Imports Apollo's gateway without them: it finds empty modules, and whoever else imports them finds them as they are. */
function importGateway(): typeof import('@apollo/gateway') {
  const require = createRequire(import.meta.url)
  const path = require.resolve('@apollo/gateway')
  const requireFromThere = createRequire(path)
  const emptied = unused.map((name) => requireFromThere.resolve(name)).filter((file) => !require.cache[file])
  for (const file of emptied) require.cache[file] = emptyModule(file)
  try {
    return require(path)
  } finally {
    for (const file of emptied) delete require.cache[file]
  }
}

function emptyModule(filename: string): NodeJS.Module {
  const module = { id: filename, filename, path: filename, loaded: true, exports: {}, children: [], paths: [] }
  return module as unknown as NodeJS.Module
}

export const { ApolloGateway } = importGateway()
