import type { IncomingMessage } from 'node:http'
import type { Caller } from '#lib/caller.ts'
import { isLoopbackAddress, isLoopbackHost } from '#lib/loopback.ts'

/** Why a request is not answered, for its sender. */
interface Refusal {
  /** 401: who asks is not known. 403: it is known, and may not. */
  readonly status: 401 | 403
  readonly message: string
  /** What would be accepted, as the `WWW-Authenticate` header says it. */
  readonly challenge: string
}

/** Tells who sent a request, or why it is refused. */
export type Identify = (request: IncomingMessage) => Identified | Promise<Identified>

/** The outcome of `Identify`. */
type Identified = { readonly caller: Caller } | { readonly refusal: Refusal }

const thisComputer: Caller = { subject: 'local', name: 'this computer', roles: ['admin'], scopes: [] }

/**
 * Lets in who sits at this computer, and nobody else: the peer is a loopback address, the name asked for is too (another
 * one would be a page of another site whose name was made to point here), and no proxy passes someone else's request on.
 */
export const thisComputerOnly: Identify = ({ socket, headers }) => {
  if (!isLoopbackAddress(socket.remoteAddress ?? '')) return refuse('It came from another computer.')
  if (!isLoopbackHost(headers.host ?? '')) return refuse('It asks for another name than localhost or 127.0.0.1.')
  const passedOn = Object.keys(headers).find((name) => name === 'forwarded' || name.startsWith('x-forwarded-'))
  return passedOn === undefined ? { caller: thisComputer } : refuse(`A proxy passed it on (header ${passedOn}).`)
}

function refuse(why: string): Identified {
  return {
    refusal: {
      status: 401,
      message: `This gateway only answers the computer it runs on, and this request is not from there. ${why}`,
      challenge: 'Bearer realm="modelops"',
    },
  }
}
