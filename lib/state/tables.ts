import type { EntryRow } from './rows.ts'

/** The tables, in both databases. */
export interface Tables {
  modelops_entries: EntryRow
  /** One row: the end of the chain. Who writes locks it first. */
  modelops_head: { one: 1; sequence: number; hash: string | null; recorded_at: number }
  modelops_leases: { name: string; holder: string; until: number }
  modelops_marks: { name: string; value: string }
  modelops_people: { subject: string; name: string }
  /** One row: which migrations have run. */
  modelops_schema: { one: 1; version: number }
}
