import { createHash } from 'node:crypto'
import type { Material } from '../material.ts'
import { code } from './code.ts'
import { compliance, healthFindings } from './findings.ts'
import { firstPage } from './first-page.ts'
import { history } from './history.ts'
import { html } from './html.ts'
import { identity, versions } from './identity.ts'
import { lineage } from './lineage.ts'
import { monitoring } from './monitoring.ts'
import { audit, recorded } from './recorded.ts'
import { risk } from './risk.ts'
import { serving } from './serving.ts'
import { STYLE } from './style.ts'
import { training } from './training.ts'

/** Nothing is loaded and nothing runs, also if a name in it should get around the escaping. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** The sections after the first page, in this order. */
const SECTIONS = [
  identity,
  versions,
  training,
  code,
  serving,
  healthFindings,
  monitoring,
  compliance,
  risk,
  recorded,
  lineage,
  history,
  audit,
]

/** The report: one HTML page that needs nothing else, to be read and printed. */
export function report(material: Material): string {
  const name = material.evidence.model.get('name').value
  const style = { html: STYLE }
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Evidence pack: ${String(name)}</title>
<style>${style}</style>
</head>
<body>
${firstPage(material)}
${SECTIONS.map((one) => one(material))}
</body>
</html>
`
  return page.html
}
