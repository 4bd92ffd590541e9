import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const { bin } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { bin: Record<string, string> }

// npm makes commands executable when it packs them, not in a clone: there they are as git has them.
it.each(Object.entries(bin))('%s can be run from a clone', (_, file) => {
  expect(statSync(join(ROOT, file)).mode & 0o111).toBe(0o111)
  expect(readFileSync(join(ROOT, file), 'utf8')).toMatch(/^#!\/usr\/bin\/env .*node/)
})
