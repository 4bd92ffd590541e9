import { isLoopbackHost } from '#lib/loopback.ts'
import { isUnreadable } from './body.ts'
import { codeOf, type Failed, failed } from './failed.ts'
import type { UpstreamOptions } from './settings.ts'
import { duration, size } from './words.ts'

const untrusted = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]

/** Puts an error of Node or undici, from connecting up to the last byte of the answer, into words for the reader. */
export function connectionFailure({ source, http }: UpstreamOptions, cause: unknown): Failed {
  const { origin, hostname } = new URL(source.url)
  const code = codeOf(cause)
  const down = (message: string, again = true) =>
    failed(source.id, { reason: 'DOWN', message: message + proxyHint(source.url), cause, again, ill: true })
  const bad = (message: string, again = false) =>
    failed(source.id, { reason: 'BAD_RESPONSE', message, cause, again, ill: again })

  if (code === 'ECONNREFUSED') return down(`refuses connections at ${origin}: is it running?`)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return down(`cannot be found: the name ${hostname} does not resolve. Is "url" right?`)
  }
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return down(`cannot be reached: no route to ${origin}.`)
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') {
    const limit = duration(source.timeouts?.connectTimeout ?? http.connectTimeout)
    const message = `took no connection at ${origin} within ${limit}: is the address right, and does no firewall stand between?`
    return failed(source.id, { reason: 'TIMEOUT', message: message + proxyHint(source.url), cause, ill: true })
  }
  if (untrusted.includes(code)) {
    return down(
      `shows a certificate at ${origin} that is not trusted: set tls.caFile to the authority that issued it.`,
      false,
    )
  }
  if (code === 'CERT_HAS_EXPIRED') return down(`shows a certificate at ${origin} that has expired: renew it.`, false)
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return down(`shows a certificate at ${origin} that was issued for another name: is the host in "url" right?`, false)
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    return down(`does not speak TLS as expected at ${origin}: is it http instead of https?`, false)
  }
  if (code.startsWith('HPE_')) return bad(`does not speak HTTP as expected at ${origin}: is "url" right?`)
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return bad(`sent an answer longer than ${size(http.maxResponseBytes)}, the limit in http.maxResponseBytes.`)
  }
  if (isUnreadable(code)) {
    return bad('sent an answer whose compression cannot be read, or is cut off: does a proxy between change answers?')
  }
  if (code === 'UND_ERR_DESTROYED' || code === 'UND_ERR_CLOSED') {
    return down('is no longer asked: the gateway is stopping.', false)
  }
  // undici's word for a connection that was closed in order, but before the answer was whole.
  if (code === 'UND_ERR_SOCKET') return bad(`ended the connection to ${origin} before its answer was whole.`, true)
  return down(`broke the connection to ${origin}.`)
}

/** Where a proxy is set up, the trouble may be its own, which undici does not tell apart. */
function proxyHint(url: string): string {
  const { http_proxy, HTTP_PROXY, https_proxy, HTTPS_PROXY } = process.env
  if (isLoopbackHost(new URL(url).host) || !(http_proxy || HTTP_PROXY || https_proxy || HTTPS_PROXY)) return ''
  return ' HTTP_PROXY or HTTPS_PROXY is set: is that proxy the way to it, or should NO_PROXY name the host?'
}
