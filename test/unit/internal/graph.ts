import { createTokenCheck } from '#lib/internal-token/check.ts'
import { makeInternalKey } from '#lib/internal-token/key.ts'
import { createTokenSigner } from '#lib/internal-token/signer.ts'
import { createLog } from '#lib/log.ts'
import type { Subgraph } from '#lib/subgraph.ts'
import { createSubgraphServer, type SubgraphServer, type SubgraphServerOptions } from '#lib/subgraph-server/server.ts'

const { secret, shared } = await makeInternalKey()

/** Signs for the gateway of these tests. */
export const signer = await createTokenSigner(JSON.stringify(secret))

/** A subgraph's server that knows the gateway of these tests, and the lines it logs. Nothing listens yet. */
export async function serverOf(
  subgraph: Subgraph,
  options: Pick<SubgraphServerOptions, 'metrics'> = {},
): Promise<SubgraphServer & { lines: Record<string, unknown>[] }> {
  const lines: Record<string, unknown>[] = []
  const log = createLog('info', { write: (line: string) => void lines.push(JSON.parse(line)) })
  const check = await createTokenCheck({ jwk: JSON.stringify(shared) }, subgraph.name, log)
  return { ...createSubgraphServer({ subgraph, check, log, host: '127.0.0.1', port: 0, ...options }), lines }
}
