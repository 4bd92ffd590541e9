import { type ListenOptions, listen, type StandIn } from '../stand-in.ts'
import { marquez } from './server.ts'
import type { MarquezData } from './spec.ts'
import { createStore } from './store.ts'

export type { DatasetSpec, JobSpec, MarquezData } from './spec.ts'

export interface MarquezOptions extends ListenOptions {
  data?: MarquezData
}

/** Starts a stand-in of Marquez 0.51.2 that answers what is read of namespaces, datasets, jobs and lineage as the real one was recorded to. */
export function startMarquez({ data = {}, ...options }: MarquezOptions = {}): Promise<StandIn> {
  return listen(marquez(createStore(data)), options)
}
