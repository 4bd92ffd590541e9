import { type ListenOptions, listen, type StandIn } from '../stand-in.ts'
import { openMetadata } from './server.ts'
import type { OpenMetadataData } from './spec.ts'

export interface OpenMetadataOptions extends ListenOptions {
  data?: OpenMetadataData
  /** The bearer token of the only account. */
  token?: string
}

/** Starts a stand-in of OpenMetadata 2.0 that answers what is read of tables, checks and lineage, by its schemas. */
export function startOpenMetadata({
  data = {},
  token = 'token',
  ...options
}: OpenMetadataOptions = {}): Promise<StandIn> {
  return listen(openMetadata(data, token), options)
}
