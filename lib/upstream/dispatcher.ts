import { readFileSync } from 'node:fs'
import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici'
import { isLoopbackHost } from '#lib/loopback.ts'
import type { UpstreamOptions, UpstreamSource } from './settings.ts'

/**
 * The connections of one source. Through the proxy that HTTP_PROXY, HTTPS_PROXY and NO_PROXY name, unless the source is
 * on this machine. Throws when the file of the certificate authority cannot be read.
 */
export function createDispatcher({ source, http, freshConnections = false }: UpstreamOptions): Dispatcher {
  const tls = { ...authority(source), rejectUnauthorized: !source.tls?.insecure, allowH2: false }
  const options = {
    connect: tls,
    connectTimeout: source.timeouts?.connectTimeout ?? http.connectTimeout,
    maxResponseSize: http.maxResponseBytes,
    // The client has one limit for a whole request; these two would only measure the gaps in it.
    headersTimeout: 0,
    bodyTimeout: 0,
    // undici counts the bytes of an answer for HTTP/1.1 only.
    allowH2: false,
    pipelining: freshConnections ? 0 : 1,
  }
  if (isLoopbackHost(new URL(source.url).host)) return new Agent(options)
  return new EnvHttpProxyAgent({ ...options, requestTls: tls })
}

function authority({ id, tls }: UpstreamSource): { ca?: string } {
  if (tls?.caFile === undefined) return {}
  try {
    return { ca: readFileSync(tls.caFile, 'utf8') }
  } catch (cause) {
    throw new Error(`The file "${tls.caFile}" in tls.caFile of source "${id}" cannot be read.`, { cause })
  }
}
