import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { toDot } from '#gateway/exports/dot.ts'
import type { ExportNode, Lineage } from '#gateway/exports/lineage.ts'
import { toMermaid } from '#gateway/exports/mermaid.ts'
import { toOpenLineage } from '#gateway/exports/open-lineage.ts'
import { makeId } from '#lib/ids.ts'
import { parseDot } from './dot-parser.ts'

/** Names that mean something in one of the syntaxes. */
const HOSTILE = [
  'a "quoted" name',
  'ends in a backslash \\',
  '\\" ]; evil [label="x',
  '\\N \\G \\l',
  'two\nlines\r\nand three',
  '<script>alert(1)</script>',
  '<b>bold</b> & &lt; &#34; #quot; #35;',
  '"] --> evil["',
  '`markdown` **bold**',
  '%%{init: {"theme": "dark"}}%%',
  'end; subgraph x',
  '// comment /* and */ # more',
  'ключ 鍵 🗝 \u0000\u0007 \ud800',
  '|pipe| {curly} [square] (round)',
]

const node = (id: string, type: string, label: string, more: Partial<ExportNode> = {}): ExportNode => ({
  ...{ id, type, label, depth: 0, truncated: false, incomplete: [], ...more },
})
const missing = (message: string) => ({ source: 'edge', reason: 'DOWN', message, count: null })

/** A walk in which everything that can hold text holds this one. */
function lineageOf(text: string): Lineage {
  const [table, run, version] = [
    makeId('Dataset', 's3://b', text),
    makeId('TrainingRun', 'm', 'r'),
    makeId('ModelVersion', 'm', text, '1'),
  ]
  const served = makeId('ServedModel', 's', 's', text)
  return {
    root: table,
    nodes: [
      node(table, 'Dataset', text),
      node(run, 'TrainingRun', text, { incomplete: [missing(text)] }),
      node(version, 'ModelVersion', text),
      node(served, 'ServedModel', text, { truncated: true }),
    ],
    edges: [
      {
        from: table,
        to: run,
        field: 'Dataset.usedByRuns',
        link: { method: 'MATCHED', confidence: 0.9, evidence: text },
      },
      { from: run, to: version, field: 'TrainingRun.producedVersions', link: null },
      {
        from: version,
        to: served,
        field: 'ModelVersion.servedBy',
        link: { method: 'DECLARED', confidence: 1, evidence: text },
      },
    ],
    incomplete: [missing(text)],
  }
}
/** What no text can show: control characters and halves of pairs. */
const readable = (text: string) =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/(?!\n)\p{Cc}/gu, '\ufffd')

describe('a walk in DOT', () => {
  it.each(HOSTILE)('shows %j as it is', (text) => {
    const statements = parseDot(toDot(lineageOf(text)))
    const nodes = statements.filter(({ to }) => to === undefined)
    expect(nodes.map(({ attributes }) => attributes.label)).toEqual([
      ...['Dataset', 'TrainingRun', 'ModelVersion', 'ServedModel'].map((type) => `${readable(text)}\n${type}`),
      ...[1, 2].map(() => `incomplete: DOWN (edge): ${readable(text)}`),
    ])
    expect(statements.filter(({ to }) => to !== undefined).map(({ name, to }) => `${name} ${to}`)).toEqual([
      'n0 n1',
      'n1 n2',
      'n2 n3',
      'n1 i0',
    ])
    expect(statements.find(({ name, to }) => name === 'n0' && to === 'n1')?.attributes).toMatchObject({
      ...{ label: 'MATCHED 0.9', style: 'dashed', edgetooltip: readable(text) },
    })
  })

  it('says at its head how much is missing', () => {
    expect(toDot(lineageOf('a'))).toMatch(/^\/\/ incomplete: 2\n/)
  })
})

/**
 * The lines that a flowchart may have here, by Mermaid's documentation of flowcharts: nodes with a text in quotes, links with
 * one, comments, classes. Within quotes stands nothing but what the two patterns of characters let through.
 */
const QUOTED = String.raw`"(?:[\p{L}\p{N}\p{M} .,:/()=+@\ufffd-]|#\d+;|<br/>)*"`
const LINES = [
  /^flowchart LR$/,
  /^%% incomplete: \d+$/,
  new RegExp(String.raw`^ {2}[ni]\d+\[${QUOTED}\](:::\w+)?$`, 'u'),
  new RegExp(String.raw`^ {2}n\d+ (-->|-\.->)(\|${QUOTED}\|)? n\d+$`, 'u'),
  /^ {2}n\d+ -\.- i\d+$/,
  /^ {2}classDef \w+ [\w:#,\- ]+$/,
]

describe('a walk in Mermaid', () => {
  it.each(HOSTILE)('shows %j as it is', (text) => {
    const lines = toMermaid(lineageOf(text)).trimEnd().split('\n')
    for (const line of lines) expect(LINES.some((pattern) => pattern.test(line))).toBe(true)
    const labels = lines.flatMap((line) => /^ {2}n\d+\["(.*)<br\/>/.exec(line)?.[1] ?? [])
    const decoded = labels.map((label) => label.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code))))
    expect(decoded).toEqual([1, 2, 3, 4].map(() => readable(text).replaceAll('\n', ' ')))
  })

  it('draws what is inferred dotted, and what is missing as a note where it is', () => {
    const text = toMermaid(lineageOf('a'))
    expect(text).toContain('  n0 -.->|"MATCHED 0.9"| n1\n')
    expect(text).toContain('  n1 --> n2\n')
    expect(text).toContain('  i0["incomplete: DOWN (edge): a"]:::incomplete\n  n1 -.- i0\n')
    expect(text).toContain(':::truncated')
  })
})

describe('a walk in OpenLineage', () => {
  const schema = JSON.parse(readFileSync(new URL('fixtures/OpenLineage-2-0-2.json', import.meta.url), 'utf8'))
  const ajv = new Ajv2020({ strict: false })
  addFormats.default(ajv)
  ajv.addSchema(schema)
  // biome-ignore lint/suspicious/noExplicitAny: events of two forms
  const eventsOf = (text: string): any[] => JSON.parse(JSON.stringify(toOpenLineage(lineageOf(text), new Date())))

  it.each(HOSTILE)('is events that its own schema lets through: %j', (text) => {
    for (const event of eventsOf(text)) {
      expect(event.schemaURL).toMatch(/#\/\$defs\/(JobEvent|DatasetEvent)$/)
      const valid = ajv.getSchema(event.schemaURL)
      expect([valid?.(event), valid?.errors]).toEqual([true, null])
    }
  })

  it('has a job for each run and for each step without one, and reports no run that nobody saw', () => {
    const events = eventsOf('t')
    expect(events.some((event) => 'run' in event)).toBe(false)
    const jobs = events.filter(({ job }) => job)
    expect(jobs.map(({ job, inputs, outputs }) => [job.namespace, job.name, inputs, outputs])).toEqual([
      [
        'modelops://TrainingRun',
        'm:r',
        [{ namespace: 's3://b', name: 't' }],
        [{ namespace: 'modelops://ModelVersion', name: 'm:t:1' }],
      ],
      [
        'modelops://step',
        'ModelVersion.servedBy ServedModel:s:s:t',
        [{ namespace: 'modelops://ModelVersion', name: 'm:t:1' }],
        [{ namespace: 'modelops://ServedModel', name: 's:s:t' }],
      ],
    ])
  })

  it('holds the evidence, and what is missing where it is', () => {
    const events = eventsOf('t')
    const [table] = events
    expect(table.dataset).toMatchObject({ namespace: 's3://b', name: 't' })
    expect(table.dataset.facets.modelops_lineage.incomplete).toEqual([missing('t')])
    const run = events.find(({ job }) => job?.namespace === 'modelops://TrainingRun')
    expect(run.job.facets.modelops_node.incomplete).toEqual([missing('t')])
    expect(run.job.facets.modelops_edges.edges[0].link).toMatchObject({ method: 'MATCHED', evidence: 't' })
  })
})
