import type { Incomplete } from '#lib/common.generated.ts'
import { isRecord, type Spot, textOf } from '../answer.ts'
import { type Content, type Html, html } from './html.ts'

/** A heading with what stands below it. */
export function section(title: string, ...content: readonly Content[]): Html {
  return html`<section><h2>${title}</h2>${content}</section>`
}

/** Facts by name. */
export function facts(...rows: readonly (readonly [string, Content])[]): Html {
  return html`<dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

/** A table; `none` stands in its place where it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly Content[])[], none: Content): Html {
  if (rows.length === 0) return html`<p>${none}</p>`
  return html`<table><thead><tr>${head.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table>`
}

/** A value, or in words why there is none. Never "none" for what is not known. */
export function told(spot: Spot, write: (value: unknown) => Content = String): Content {
  if (spot.value !== null && spot.value !== '') return write(spot.value)
  return absent(spot)
}

/** Why nothing stands at a place. */
export function absent({ why, none, value, beside }: Spot): Html {
  if (none || value === '') return html`none`
  if (why.length > 0) return html`<em>not known</em> ${why.map(gap)}`
  return beside.length > 0 ? html`<em>not known: see what is missing here</em>` : html`<em>not known</em>`
}

/** What an empty list says. */
function empty({ beside }: Spot): Content {
  return beside.length === 0
    ? 'none'
    : html`<em>none is known, and not all could be asked: see what is missing here</em>`
}

/** A list with commas. */
export function list(spot: Spot, write: (item: Spot) => Content): Content {
  if (spot.value === null) return absent(spot)
  if (spot.items.length === 0) return empty(spot)
  return spot.items.map((item, i) => [i === 0 ? '' : ', ', write(item)])
}

/** Each item on a line of its own. */
export function lines(spot: Spot, write: (item: Spot) => Content): Content {
  if (spot.value === null) return absent(spot)
  if (spot.items.length === 0) return empty(spot)
  return html`<ul>${spot.items.map((item) => html`<li>${write(item)}</li>`)}</ul>`
}

/** What an empty list says: nothing is there, as far as could be told; with holes beside it, that is not known. */
export function emptyOf(spot: Spot, none: string): Content {
  if (spot.value === null) return absent(spot)
  return spot.incomplete.length === 0 ? none : 'Not known: what could not be asked may hold some.'
}

/** What is missing in a value, as lines of their own; nothing where nothing is. */
export function gaps(...spots: readonly Spot[]): Content {
  const all = spots.flatMap(({ incomplete }) => incomplete)
  return all.length === 0 ? undefined : html`<ul class="gaps">${all.map((one) => html`<li>${gap(one)}</li>`)}</ul>`
}

/** One thing that is missing. */
export function gap({
  source,
  reason,
  message,
  count,
}: Omit<Incomplete, 'reason'> & { readonly reason: string }): Html {
  const number = count === null || count === undefined ? '' : `, ${count}`
  return html`<span class="gap">${source ?? 'no single source'}: ${reason}${number}. ${message}</span>`
}

/** On what evidence two tools were joined. */
export function link(spot: Spot): Content {
  const [method, confidence, evidence] = [spot.get('method'), spot.get('confidence').value, spot.get('evidence')]
  if (method.value === null) return undefined
  return html`<span class="link">${String(method.value)}, confidence ${String(confidence)}: ${told(evidence)}</span>`
}

/** Where something comes from and when that was asked. */
export function origin(spot: Spot): Content {
  const provenance = spot.get('provenance')
  const source = textOf(provenance.get('source', 'title')) ?? textOf(provenance.get('source', 'id'))
  if (source === undefined) return undefined
  const old = provenance.get('stale').value === true ? ', older than its freshness window' : ''
  return html`<span class="origin">${source}, asked ${told(provenance.get('fetchedAt'), moment)}${old}</span>`
}

/** A moment, to the second: the same everywhere, in UTC. */
export function moment(value: unknown): string {
  return String(value)
    .replace('T', ' ')
    .replace(/(\.\d+)?Z$/, ' UTC')
}

/** A page of a tool, where its address is one that a browser may follow. */
export function page(address: Spot, text: Content): Content {
  const url = textOf(address)
  return url !== undefined && /^https?:\/\//i.test(url)
    ? html`<a href="${url}" rel="noreferrer noopener">${text}</a>`
    : text
}

/** A number as people read it. */
export function number(value: unknown): string {
  if (typeof value !== 'number') return String(value)
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))
}

/** Who answers for something. */
export function claims(owners: Spot): Content {
  return lines(owners, (owner) => [
    told(owner.get('name')),
    ` (${String(owner.get('kind').value).toLowerCase()}; `,
    told(owner.get('evidence')),
    ')',
  ])
}

/** Names with their values. */
export function pairs(spot: Spot): Content {
  return lines(spot, (pair) => [told(pair.get('key')), ' = ', told(pair.get('value'))])
}

/** Whether there is anything at a place. */
export const there = ({ value }: Spot): boolean => isRecord(value)
