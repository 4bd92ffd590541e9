import { invalid } from '../problem.ts'

/** Which of the deleted and the others a search shows. */
export type View = 'ACTIVE_ONLY' | 'DELETED_ONLY' | 'ALL'

const VIEWS: readonly View[] = ['ACTIVE_ONLY', 'DELETED_ONLY', 'ALL']

/** The view of a name or of protobuf's number for it; anything else, and nothing, is ACTIVE_ONLY. */
export function viewOf(value: unknown): View {
  return VIEWS.find((view, index) => value === view || Number(value) === index + 1) ?? 'ACTIVE_ONLY'
}

export function isInView(deleted: boolean, view: View): boolean {
  return view === 'ALL' || deleted === (view === 'DELETED_ONLY')
}

/** Throws when a search for runs or experiments does not allow a page of this size. */
export function pageSize(limit: number): number {
  const wrong = (must: string) =>
    invalid(`Invalid value ${limit} for parameter 'max_results' supplied. It must be ${must}`)
  if (limit < 1) throw wrong('a positive integer')
  if (limit > 50_000) throw wrong('at most 50000')
  return limit
}
