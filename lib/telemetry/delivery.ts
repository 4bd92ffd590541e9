import { instruments } from './instruments.ts'

const measures = instruments((meter) => ({
  looks: meter.createCounter('modelops.delivery.looks', {
    description:
      'Looks at what changes, by what they are at and how they ended: ok, silent (a source did not answer, so of it nothing was seen), skipped (another instance looked), failed.',
  }),
  observations: meter.createCounter('modelops.delivery.observations', {
    description: 'Changes that were written down.',
  }),
  notifications: meter.createCounter('modelops.notifications', {
    description: 'Attempts to notify, by rule and how they ended: delivered, failed (it is tried again), given-up.',
  }),
}))

/** How a look ended. */
export type LookOutcome = 'ok' | 'silent' | 'skipped' | 'failed'

/** Counts a look. `at`: what was looked at, things or their health. */
export function countLook(at: 'things' | 'health', outcome: LookOutcome): void {
  measures().looks.add(1, { at, outcome })
}

/** Counts what a look wrote down. */
export function countObservations(count: number): void {
  if (count > 0) measures().observations.add(count)
}

/** Counts an attempt to notify. */
export function countNotification(rule: string, outcome: 'delivered' | 'failed' | 'given-up'): void {
  measures().notifications.add(1, { rule, outcome })
}
