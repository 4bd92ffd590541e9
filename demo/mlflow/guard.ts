import type { Reply, StandInRequest } from '../stand-in.ts'
import { forbidden, lineTooLong, unauthenticated } from './replies.ts'
import { isMlflow3, type MlflowVersion } from './version.ts'

export interface GuardOptions {
  version: MlflowVersion
  /** Turns basic auth on: this account may do everything, nobody else anything. */
  basicAuth?: { username: string; password: string }
  /**
   * Bytes that a request line may have; 4094, gunicorn's default, when absent. MLflow 3 is by default behind uvicorn, which
   * takes 64 KiB.
   */
  requestLineLimit?: number
}

/** What is said to a request before MLflow looks at what it asks for, if anything. */
export function guard(request: StandInRequest, options: GuardOptions): Reply | undefined {
  const { version, basicAuth, requestLineLimit = 4094 } = options
  const { method, path, headers } = request
  const line = Buffer.byteLength(`${method} ${path} HTTP/1.1`)
  if (line > requestLineLimit) return lineTooLong(line, requestLineLimit)
  const [route = ''] = path.split('?', 1)
  if (isMlflow3(version)) {
    const isOpen = route === '/health' || route === '/version'
    if (!isOpen && !isOwnHost(headers.host ?? '')) {
      return forbidden('Invalid Host header - possible DNS rebinding attack detected')
    }
    if (!['GET', 'HEAD', 'OPTIONS'].includes(method) && headers.origin && !isOwnHost(hostOf(headers.origin))) {
      return forbidden('Cross-origin request blocked', { vary: 'Origin' })
    }
  }
  if (!basicAuth || route === '/health' || route === '/api/3.0/mlflow/server-info') return undefined
  const wanted = Buffer.from(`${basicAuth.username}:${basicAuth.password}`).toString('base64')
  return headers.authorization === `Basic ${wanted}` ? undefined : unauthenticated(version)
}

function hostOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : origin
}

/** MLflow 3 also takes private addresses for its own; the stand-in is on loopback only. */
function isOwnHost(host: string): boolean {
  return /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host)
}
