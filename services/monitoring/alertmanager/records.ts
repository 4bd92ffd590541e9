import type { z } from 'zod'
import { safeLink } from '#lib/address.ts'
import { byCodePoint } from '#lib/order.ts'
import { namedModel } from '../naming.ts'
import type { AlertRecord, SilenceRecord } from '../port.ts'
import type { alertmanagerOptions } from './options.ts'
import type { alerts, silences } from './wire.ts'

type Options = z.output<typeof alertmanagerOptions>
type Wire = z.output<typeof alerts>[number]
type Labels = Readonly<Record<string, string>>

/** The alerts as the port has them. */
export function alertRecords(list: readonly Wire[], quiet: z.output<typeof silences>, options: Options): AlertRecord[] {
  const silenceById = new Map(quiet.map((silence) => [silence.id, silence]))
  return list.map((alert) => alertRecord(alert, silenceById, options))
}

function alertRecord(
  { fingerprint, labels, annotations, startsAt, generatorURL, status }: Wire,
  silenceById: ReadonlyMap<string, SilenceRecord>,
  { registry, labels: naming, watches }: Options,
): AlertRecord {
  const silences = (status.silencedBy ?? []).flatMap((id) => silenceById.get(id) ?? [])
  return {
    ...{ key: fingerprint, name: of(labels, 'alertname') ?? '', severity: of(labels, 'severity'), silences },
    summary: of(annotations, 'summary') ?? of(annotations, 'description'),
    startedAt: startsAt,
    // "unprocessed" is one that came in a moment ago.
    suppressed: status.state === 'suppressed',
    inhibited: (status.inhibitedBy ?? []).length > 0,
    labels: Object.entries(labels)
      .map(([key, value]) => ({ key, value }))
      .sort((a, b) => byCodePoint(a.key, b.key)),
    webUrl: generatorURL ? safeLink(generatorURL) : null,
    named: namedModel(labels, { registry, ...naming }),
    watched: watches
      .filter(({ selector }) => Object.entries(selector).every(([key, value]) => of(labels, key) === value))
      .map(({ source, endpoint, selector }) => ({
        ...{ source, endpoint: endpoint ?? null },
        evidence: Object.entries(selector)
          .map(([key, value]) => `label ${key} = ${value}`)
          .join(', '),
      })),
  }
}

/** A label or annotation; null where it is not there, or empty. */
function of(labels: Labels, key: string): string | null {
  return (Object.hasOwn(labels, key) && labels[key]) || null
}
