import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Changes, describeChanges } from './breaking.ts'
import { acceptedFile, projectRoot, supergraphFile } from './files.ts'

/** What changed since a revision, and which of the breaks nobody has accepted. */
export interface ChangesSince extends Changes {
  readonly unaccepted: readonly string[]
}

/**
 * Compares the committed supergraph with that of a git revision, such as the branch a change is to be merged into.
 * A revision from before the first supergraph has nothing that could break.
 */
export function changesSince(ref: string, root: string = projectRoot): ChangesSince {
  const before = schemaAt(ref, root)
  if (before === undefined) return { breaking: [], dangerous: [], unaccepted: [] }
  const changes = describeChanges(before, readFileSync(join(root, supergraphFile), 'utf8'))
  const accepted = new Set(acceptedChanges(root))
  return { ...changes, unaccepted: changes.breaking.filter((change) => !accepted.has(change)) }
}

/** The supergraph as committed at a git revision; undefined where that revision has none. Throws on an unknown revision. */
export function schemaAt(ref: string, root: string = projectRoot): string | undefined {
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'ignore'] })
  const quietly = (...args: string[]) => {
    try {
      return git(...args)
    } catch {
      return undefined
    }
  }
  const commit = quietly('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`)?.trim()
  if (!commit) {
    throw new Error(
      `git knows no revision "${ref}" in ${root}: fetch it first (CI checks out without history by default)`,
    )
  }
  // `./` makes the path relative to the project's root, which need not be the repository's.
  const file = `./${supergraphFile}`
  return git('ls-tree', '--name-only', commit, file).trim() === '' ? undefined : git('show', `${commit}:${file}`)
}

function acceptedChanges(root: string): string[] {
  const lines = readFileSync(join(root, acceptedFile), 'utf8').split('\n')
  return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}
