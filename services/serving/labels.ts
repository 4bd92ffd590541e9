import { z } from 'zod'
import type { NamedValue } from '#lib/common.generated.ts'
import { text } from '#lib/config/options.ts'

/** The option of a server's source with labels of the endpoint: these protocols have none that a server could tell. */
export const labelsOption = () =>
  z.record(z.string().min(1), text()).optional().describe('Labels of the endpoint, name and value. Default: none.')

/** Configured labels as records, by name. */
export function labelsOf(labels: Readonly<Record<string, string>> = {}): NamedValue[] {
  return Object.entries(labels)
    .map(([key, value]) => ({ key, value }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}
