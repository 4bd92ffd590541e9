import { textOf } from '../answer.ts'
import type { Completeness, Hole } from '../holes.ts'
import type { JudgingRule } from '../judgements.ts'
import type { Material } from '../material.ts'
import { type Content, type Html, html } from './html.ts'
import { facts, list, moment, table, told } from './parts.ts'

/** What a reader has to know before any fact: of what, of when, with whose rights, how whole, judged by which rules. */
export function firstPage(material: Material): Html {
  const { evidence, completeness, rules, tool, graphHash, madeAt } = material
  const { model, caller, health, compliance, risk } = evidence
  return html`<section class="first">
<h1>Evidence pack: ${told(model.get('name'))}</h1>
${verdict(completeness)}
${facts(
  ['Model', html`<code>${evidence.id}</code>`],
  ['Made at', moment(madeAt)],
  ['Oldest fact', completeness.oldestFact === undefined ? 'no fact tells its age' : moment(completeness.oldestFact)],
  ['Asked by', [told(caller.get('subject')), ', with the roles: ', list(caller.get('roles'), (role) => told(role))]],
  ['By whose rights', rights(completeness)],
  ['Health', [told(health.get('status')), '. ', told(health.get('summary'))]],
  ['Compliance', [told(compliance.get('status')), '. ', told(compliance.get('summary'))]],
  ['Risk tier', told(risk.get('risk', 'tier'))],
  ['Made with', html`${tool.name} ${tool.version}, over the graph with SHA-256 <code>${graphHash}</code>`],
)}
<h3>What is missing</h3>
${holes(completeness.missing, material, 'Nothing of what was asked for, of the tools that are configured.')}
<h3>What comes from memory</h3>
${table(
  ['Source', 'Oldest fact', 'The source now'],
  completeness.stale.map(({ source, oldest, state }) => [source, moment(oldest), state ?? html`<em>not known</em>`]),
  'No fact is older than the freshness window of its source.',
)}
<h3>What no configured tool can tell</h3>
${holes(completeness.uncovered, material, 'Nothing of what was asked for.')}
<h3>The rules that judged</h3>
${table(['Rule', 'Severity', 'Outcome', 'Hash of its file'], rules.map(ruleRow), 'None: no rule could be asked, or none is for such a model.')}
<h3>The tools, as they answered lately</h3>
${table(
  ['Source', 'Kind', 'State', 'What it said'],
  evidence.sources.items.map((source) => [
    html`${told(source.get('title'))} <code>${told(source.get('id'))}</code>`,
    told(source.get('kind')),
    told(source.get('status', 'state')),
    source.get('status', 'message').value === null ? '' : told(source.get('status', 'message')),
  ]),
  'Not known.',
)}
</section>`
}

function verdict({ incomplete, missing, stale, uncovered }: Completeness): Html {
  if (!incomplete) {
    const beside = uncovered.length === 0 ? '' : ' What no configured tool can tell is listed below.'
    return html`<p class="verdict whole">Whole: nothing that was asked for is missing.${beside}</p>`
  }
  const old = stale.filter(({ state }) => state !== 'UP').map(({ source }) => source)
  const sources = [...new Set([...missing.flatMap(({ source }) => source ?? []), ...old])].sort()
  const by = sources.length === 0 ? '' : ` Sources: ${sources.join(', ')}.`
  return html`<p class="verdict incomplete">INCOMPLETE: this pack does not hold all that there is.${by} What is missing, and why, is listed below. Nothing in this pack may be taken for "none" where it says that it is not known.</p>`
}

function rights({ missing }: Completeness): Content {
  const hidden = missing.filter(({ reason }) => reason === 'FORBIDDEN')
  if (hidden.length === 0)
    return 'These are the facts that this caller may see; of what was answered, nothing was withheld.'
  const counts = hidden.map(({ source, count, message }) =>
    source ? `${count ?? 'an unknown number'} of ${source}` : message,
  )
  return html`These are the facts that this caller may see. Withheld (FORBIDDEN): <strong>${counts.join('; ')}</strong>.`
}

function holes(rows: readonly Hole[], { evidence }: Material, none: string): Html {
  const titles = new Map(evidence.sources.items.map((one) => [textOf(one.get('id')), textOf(one.get('title'))]))
  return table(
    ['Source', 'Reason', 'What happened', 'How many', 'Where'],
    rows.map(({ source, reason, message, count, at }) => [
      source ? html`${titles.get(source) ?? source} <code>${source}</code>` : 'no single source',
      reason,
      message,
      count === null || count === undefined ? 'not known' : String(count),
      at.join(', '),
    ]),
    none,
  )
}

function ruleRow({ id, title, severity, hash, outcomes }: JudgingRule): readonly Content[] {
  const counts = Object.entries(outcomes).map(([outcome, times]) => `${outcome}${times > 1 ? ` × ${times}` : ''}`)
  return [html`${title} <code>${id}</code>`, severity, counts.join(', '), html`<code>${hash}</code>`]
}
