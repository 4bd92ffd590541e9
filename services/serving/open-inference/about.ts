import type { z } from 'zod'
import { UpstreamError } from '#lib/upstream/error.ts'
import { type Answer, ask, askReady, type Server } from './ask.ts'
import { repositoryIndex, serverMetadata } from './wire.ts'

/** What a server says of itself as a whole. */
export interface About {
  readonly metadata: z.output<typeof serverMetadata> | null
  /** Status of its readiness; 403: closed to us. */
  readonly readyStatus: number
  readonly index: Answer<z.output<typeof repositoryIndex>>
  readonly triton: boolean
  readonly mlserver: boolean
}

/** Asks a server who it is, whether it is ready, and what it has. Rejects with an UpstreamError where it answers none of it. */
export async function readAbout(server: Server): Promise<About> {
  const [metadata, readyStatus, index] = await Promise.all([
    ask(server, { method: 'GET', path: '/v2' }, serverMetadata),
    askReady(server, '/v2/health'),
    // MLServer wants a body.
    ask(server, { method: 'POST', path: '/v2/repository/index', json: {} }, repositoryIndex),
  ])
  const statuses = [metadata.status, readyStatus, index.status]
  if (!statuses.includes(200)) refuse(server.id, statuses)
  const { name, extensions } = metadata.value ?? { name: '', extensions: [] }
  return {
    ...{ metadata: metadata.value, readyStatus, index },
    // Both can be given another name.
    triton: name === 'triton' || (extensions ?? []).includes('model_repository'),
    mlserver: name === 'mlserver',
  }
}

function refuse(source: string, statuses: readonly number[]): never {
  if (statuses.includes(403)) {
    const message = `${source} refuses to tell what it serves (status 403): the server restricts these routes. Give "auth" the header that it expects.`
    throw new UpstreamError({ source, reason: 'FORBIDDEN', message, status: 403 })
  }
  const message = `${source} answers none of the routes of the Open Inference Protocol v2: does "url" lead to the server itself, without /v2 at its end?`
  throw new UpstreamError({ source, reason: 'BAD_RESPONSE', message })
}
