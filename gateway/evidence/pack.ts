import { createHash, randomUUID } from 'node:crypto'
import { strToU8, zipSync } from 'fflate'
import { toDot } from '../exports/dot.ts'
import { toMermaid } from '../exports/mermaid.ts'
import { mlBom } from './bom/ml-bom.ts'
import type { Pages } from './gather.ts'
import { findingsOf } from './judgements.ts'
import type { Material } from './material.ts'
import { picture } from './report/picture.ts'
import { report } from './report/report.ts'

/** What the files are by; raised when a reader of an older pack would not understand one. */
const FORMAT = 'modelops-evidence/1'

/** A pack: a zip of all files, with their hashes in one of them. */
export function packOf(material: Material): Uint8Array {
  const files = filesOf(material)
  const mtime = new Date(material.madeAt)
  const all = { ...files, 'manifest.json': json(manifest(material, files)) }
  return zipSync(Object.fromEntries(Object.entries(all).map(([name, text]) => [name, [strToU8(text), { mtime }]])))
}

/** Everything but the manifest, by name. */
function filesOf(material: Material): Readonly<Record<string, string>> {
  const { evidence, completeness } = material
  const { lineage, asked } = evidence
  return {
    'report.html': report(material),
    'facts.json': json({
      format: FORMAT,
      ...about(material),
      completeness,
      asked: asked.map(({ nones: _nones, ...one }) => one),
    }),
    'findings.json': json({
      format: FORMAT,
      ...about(material),
      rules: material.rules,
      groups: findingsOf(evidence).map(({ title, findings }) => ({
        title,
        findings: findings.value,
        why: findings.why,
      })),
    }),
    'attestations.json': json({
      format: FORMAT,
      ...about(material),
      attestations: evidence.attestations.map(pages),
      waivers: evidence.waivers.map(pages),
      useCases: { nodes: evidence.useCases.value, why: evidence.useCases.why },
    }),
    'audit.ndjson': evidence.audit.flatMap(auditLines).join(''),
    'lineage.json': json({ format: FORMAT, ...about(material), ...lineage }),
    'lineage.svg': picture(lineage).html,
    'lineage.dot': toDot(lineage),
    'lineage.mmd': toMermaid(lineage),
    'bom.cdx.json': json(mlBom(material, randomUUID())),
  }
}

/** A record a line; and a line that says what is missing, so that no records are not taken for none. */
function auditLines({ nodes, connection: { why, incomplete } }: Pages): string[] {
  const missing = [...why, ...incomplete]
  const lines = [...nodes.map(({ value }) => value), ...(missing.length > 0 ? [{ incomplete: missing }] : [])]
  return lines.map((line) => `${JSON.stringify(line)}\n`)
}

/** All of a list, with what is missing in it; `why`: it could not be read. */
function pages({ nodes, connection: { why, incomplete } }: Pages) {
  return { nodes: nodes.map(({ value }) => value), why, incomplete }
}

/** What every file says first. */
function about({ evidence, completeness, madeAt }: Material) {
  return {
    model: evidence.id,
    madeAt,
    oldestFact: completeness.oldestFact ?? null,
    incomplete: completeness.incomplete,
  }
}

function manifest(material: Material, files: Readonly<Record<string, string>>) {
  const { tool, graphHash, evidence, rules } = material
  return {
    format: FORMAT,
    ...about(material),
    tool,
    graph: { sha256: graphHash },
    askedBy: evidence.caller.value,
    rules: rules.map(({ id, hash }) => ({ id, hash })),
    files: Object.entries(files).map(([path, text]) => {
      const bytes = strToU8(text)
      return { path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }
    }),
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
