import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { expect } from 'vitest'

/** CycloneDX' own schemas of 1.7, with the two formats that ajv-formats lacks. */
function bomSchema(): ValidateFunction {
  const require = createRequire(import.meta.url)
  const library = require.resolve('@cyclonedx/cyclonedx-library/package.json')
  const folder = join(dirname(library), 'res/schema')
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))
  const ajv = new Ajv({ strict: false, allErrors: true })
  addFormats.default(ajv)
  ajv.addFormat('iri-reference', /^[^\s<>"{}|\\^`]*$/u)
  ajv.addFormat('idn-email', /^[^\s@]+@[^\s@]+$/u)
  for (const name of ['spdx', 'jsf-0.82', 'cryptography-defs']) {
    const file = `${name}.SNAPSHOT.schema.json`
    ajv.addSchema(read(file), `http://cyclonedx.org/schema/${file}`)
  }
  return ajv.compile(read('bom-1.7.SNAPSHOT.schema.json'))
}

/** Whether something is a CycloneDX 1.7 BOM. */
export const valid = bomSchema()

/** A BOM as it is written, so that nothing of JavaScript is left in it, once it is found to be valid. */
export function checked(bom: unknown) {
  const read = JSON.parse(JSON.stringify(bom))
  valid(read)
  expect(valid.errors ?? []).toEqual([])
  return read
}
