import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot, supergraphFile } from '#schema/files.ts'
import { isAsComposed, stamped } from '#schema/stamp.ts'

const committed = readFileSync(join(projectRoot, supergraphFile), 'utf8')

it('what compose wrote is known as such', () => {
  expect(isAsComposed(committed)).toBe(true)
  expect(isAsComposed(stamped('type Query\n'))).toBe(true)
})

it('what was changed since is not', () => {
  expect(isAsComposed(committed.replace('type Query', 'type  Query'))).toBe(false)
  expect(isAsComposed(`${committed}\n`)).toBe(false)
})

it('what another composer wrote is not', () => {
  expect(isAsComposed(committed.slice(committed.indexOf('\n') + 1))).toBe(false)
})
