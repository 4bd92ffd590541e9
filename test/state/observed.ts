import type { NewEntry } from '#lib/state/port.ts'

/** An observation like no other. */
export const observed = (n: number): NewEntry => ({
  kind: 'observation',
  subject: `Model:a:${n % 7}`,
  actor: 'service:observer',
  content: { n, note: 'l’œuvre "42"', nested: { b: [1, 2.5, null], a: true } },
  deduplicationKey: `n-${n}`,
})
