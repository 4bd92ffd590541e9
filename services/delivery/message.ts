import type { EntryKind } from '#lib/state/port.ts'
import type { ModelFacts, ObservationRecord } from './port.ts'

/** What is notified. Times are milliseconds since 1970. */
export interface Notice {
  /** The same each time it is sent, so that who gets it twice can tell. */
  readonly id: string
  /** What kind, such as champion-changed or waiver-ends. */
  readonly type: string
  readonly at: number
  /** Id of the thing it is about. */
  readonly subject: string
  /** In one sentence. */
  readonly text: string
  /** By name, for people. */
  readonly facts: Readonly<Record<string, string>>
  /** All of it, for programs. */
  readonly data: Readonly<Record<string, unknown>>
}

/** How a message is written. */
export type NoticeFormat = 'cloudevents' | 'slack' | 'teams'

const WORDS: Readonly<Record<ObservationRecord['kind'], string>> = {
  CHAMPION_CHANGED: 'the version declared to be in production',
  SERVED_CHANGED: 'what is served',
  STATE_CHANGED: 'state',
  VERSION_CREATED: 'a new version',
  HEALTH_CHANGED: 'health',
  COMPLIANCE_CHANGED: 'compliance',
}

/** What is told of an observation. `model`: the one it is about, as the tools have it now. */
export function noticeOf(
  observation: ObservationRecord,
  model: ModelFacts | undefined,
  nameOf: (id: string) => string,
): Notice {
  const { id, at, kind, subject, before, after, source, precisionSeconds, models, versions, by } = observation
  const what =
    kind === 'VERSION_CREATED'
      ? `a new version, ${after}`
      : `${WORDS[kind]} was ${before ?? 'none'} and is ${after ?? 'none'}`
  const owners = model?.owners ?? []
  const domain = model?.domain ?? null
  const seen = new Date(at).toISOString()
  return {
    ...{ id, at, subject, type: kind.toLowerCase().replaceAll('_', '-') },
    text: `${nameOf(kind === 'VERSION_CREATED' ? (models[0] ?? subject) : subject)}: ${what}.`,
    facts: {
      ...(owners.length > 0 && { Owner: owners.join(', ') }),
      ...(domain !== null && { Domain: domain }),
      ...{ Source: source, Seen: precisionSeconds ? `${seen}, at most ${Math.ceil(precisionSeconds)} s late` : seen },
      ...(by !== null && { By: by }),
    },
    data: { kind, subject, models, versions, before, after, at: seen, by, source, precisionSeconds, owners, domain },
  }
}

/** What is told of something that ends soon. */
export function endingNotice(
  entry: { readonly id: string; readonly kind: EntryKind; readonly subject: string; readonly expiresAt: number },
  model: ModelFacts | undefined,
  nameOf: (id: string) => string,
): Notice {
  const { id, kind, subject, expiresAt } = entry
  const ends = new Date(expiresAt).toISOString()
  const owners = model?.owners ?? []
  return {
    ...{ id, subject, at: Date.now(), type: `${kind}-ends` },
    text: `${nameOf(subject)}: its ${kind} ends on ${ends.slice(0, 10)}.`,
    facts: { ...(owners.length > 0 && { Owner: owners.join(', ') }), Ends: ends },
    data: { kind, subject, expiresAt: ends, entry: id, owners, domain: model?.domain ?? null },
  }
}

/** The body of a message and its media type. */
export function written(notice: Notice, format: NoticeFormat): { readonly type: string; readonly body: string } {
  const json = 'application/json'
  if (format === 'slack') return { type: json, body: JSON.stringify(slack(notice)) }
  if (format === 'teams') return { type: json, body: JSON.stringify(teams(notice)) }
  return { type: 'application/cloudevents+json; charset=utf-8', body: JSON.stringify(cloudEvent(notice)) }
}

/** CloudEvents 1.0, structured. */
function cloudEvent({ id, type, at, subject, text, data }: Notice) {
  return {
    ...{ specversion: '1.0', id, source: '/modelops/delivery', type: `modelops.${type}`, subject },
    ...{ time: new Date(at).toISOString(), datacontenttype: 'application/json', data: { ...data, text } },
  }
}

/** Slack's three signs with a meaning; everything else is text. */
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

function slack({ text, facts }: Notice) {
  const context = Object.entries(facts).map(([name, value]) => `${name}: ${value}`)
  return {
    text: escaped(text),
    blocks: [
      { type: 'section', text: { type: 'plain_text', text } },
      { type: 'context', elements: [{ type: 'plain_text', text: context.join(' · ') }] },
    ],
  }
}

function teams({ text, facts }: Notice) {
  const content = {
    ...{ $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4' },
    body: [
      { type: 'TextBlock', text: plain(text), weight: 'Bolder', wrap: true },
      { type: 'FactSet', facts: Object.entries(facts).map(([title, value]) => ({ title, value: plain(value) })) },
    ],
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  }
}

/** A card reads some markdown: a name of a model must not make a link. */
const plain = (text: string) => text.replace(/[\\`*_[\]()#]/g, (mark) => `\\${mark}`)
