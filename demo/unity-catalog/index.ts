import { type ListenOptions, listen, type StandIn } from '../stand-in.ts'
import { unityCatalog } from './server.ts'
import type { CatalogSpec, Grants } from './spec.ts'

export type { CatalogSpec } from './spec.ts'

export interface UnityCatalogOptions extends ListenOptions {
  catalogs?: readonly CatalogSpec[]
  /** Turns authorisation on: what each bearer token may do. */
  tokens?: Readonly<Record<string, Grants>>
  metastoreId?: string
}

/** Starts a stand-in of Unity Catalog OSS 0.6.0 that answers what is read of catalogs, schemas and tables as the real one was recorded to. */
export function startUnityCatalog(options: UnityCatalogOptions = {}): Promise<StandIn> {
  const { catalogs = [], tokens, metastoreId = 'd1f9b0b5-7c25-4f4e-9c1a-3f3e8f7a2b10', ...listening } = options
  return listen(unityCatalog({ catalogs, metastoreId, ...(tokens && { tokens }) }), listening)
}
