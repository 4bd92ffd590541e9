import type { Reply, StandInRequest } from '../../stand-in.ts'
import { textError } from './replies.ts'

/** The groups of routes that `--http-restricted-api` can close; readiness of a model belongs to `health`. */
export type Api = 'health' | 'metadata' | 'model-config' | 'model-repository' | 'inference'

export interface Restriction {
  header: string
  value: string
  /** `model-repository` alone when absent. */
  apis?: readonly Api[]
}

/** The 403 for a request without the header, before its method or model is looked at. */
export function refuse(restricted: Restriction | undefined, api: Api, request: StandInRequest): Reply | undefined {
  if (!restricted) return undefined
  const { header, value, apis = ['model-repository'] } = restricted
  if (!apis.includes(api) || request.headers[header.toLowerCase()] === value) return undefined
  return textError(403, `This API is restricted, expecting header '${header}'`)
}
