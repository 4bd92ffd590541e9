import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenInference } from '#demo/open-inference/index.ts'
import { type FaultServer, type FaultServerOptions, startFaultServer } from '../faults/proxy.ts'
import { type Graph, type GraphOptions, startGraph } from './graph.ts'
import { manyModels } from './many-models.ts'

/** A registry and a server that serves two of its models and one that it does not know; each behind a proxy that can fail. */
export interface Together {
  readonly graph: Graph
  readonly registry: FaultServer
  readonly server: FaultServer
  close(): Promise<void>
}

/**
 * `serving` changes the source of the server, `reading` that of the registry, `settings` the rest of the configuration;
 * `proxied` says how the registry is reached.
 */
export async function startTogether(
  options: Omit<GraphOptions, 'sources'> & { serving?: object; reading?: object; proxied?: FaultServerOptions } = {},
): Promise<Together> {
  const { serving, reading, proxied, ...rest } = options
  const mlflow = await startMlflow({ version: '3.17.2', data: manyModels(3) })
  const triton = await startOpenInference({
    dialect: 'triton',
    models: [
      { name: 'model-00000', version: '1' },
      { name: 'model-00001', version: '1', state: 'failed', loadFailure: 'Traceback: /secret/path/model.py' },
      { name: 'stranger', version: '7' },
    ],
  })
  const registry = await startFaultServer({ ...proxied, target: mlflow.url })
  const server = await startFaultServer({ target: triton.url })
  const graph = await startGraph({
    ...rest,
    sources: [
      { id: 'registry', kind: 'mlflow', url: registry.url, ...reading },
      { ...{ id: 'server', kind: 'open-inference', url: server.url, convention: 'name-and-version' }, ...serving },
    ],
  })
  return {
    ...{ graph, registry, server },
    close: async () => {
      await graph.close()
      await Promise.all([registry.close(), server.close(), mlflow.close(), triton.close()])
    },
  }
}

/** One query over every part of the graph. */
export const WHOLE = `query Whole {
  sources { id kind title status { state } }
  me { subject }
  models {
    totalCount
    nodes { name champion { version run { name } servedBy { nodes { servedModel { name state } link { method } } incomplete { source reason } } } served { nodes { version servedModel { name } } incomplete { source reason } } }
    incomplete { source reason message }
  }
  endpoints {
    nodes { name state served { name state stateMessage origins { nodes { modelVersion { version model { name } } link { method } } incomplete { source reason } } } }
    incomplete { source reason message }
  }
}`
