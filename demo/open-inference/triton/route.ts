import type { Reply, StandInRequest } from '../../stand-in.ts'
import type { Api } from './restricted.ts'

export interface Route {
  api: Api
  method: 'GET' | 'POST'
  /** How an error of this route is labelled. */
  error: (status: number, error: string) => Reply
  /** Matched against the path as it was sent. */
  path: RegExp
  answer(match: RegExpExecArray, request: StandInRequest): Reply
}
