import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeChanges } from '../../../schema/breaking.ts'
import { compose } from '../../../schema/compose.ts'
import { acceptedFile, supergraphFile } from '../../../schema/files.ts'
import { changesSince, schemaAt } from '../../../schema/history.ts'
import { lineage, subgraph } from './graphs.ts'

const graph = (body: string, ...others: string[]) =>
  compose([body, ...others].map((text, index) => subgraph(`s${index}`, text))).supergraphSdl

const before = graph('type Query { name: String old: Int state: State }\nenum State { UP }')
const after = graph('type Query { name: Int state: State }\nenum State { UP DOWN }')

describe('changes between two supergraphs', () => {
  it('that break clients are told apart from those that may surprise them', () => {
    expect(describeChanges(before, after)).toEqual({
      breaking: ['Query.name changed type from String to Int.', 'Query.old was removed.'],
      dangerous: ['DOWN was added to enum type State.'],
    })
  })

  it('that clients cannot see are none', () => {
    const plain = 'type Query { a: A }\ntype A @key(fields: "id") { id: ID! name: String }'
    const moved = 'type A @key(fields: "id") { id: ID! name: String hidden: Int @inaccessible }'
    const marked = `${lineage}\ntype Query { a: A }\ntype A @key(fields: "id") { id: ID! a: A @lineage(direction: UPSTREAM) @inaccessible }`
    expect(describeChanges(graph(plain), graph(marked, moved))).toEqual({ breaking: [], dangerous: [] })
  })
})

describe('changes since a git revision', () => {
  let root: string
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, stdio: 'pipe' })
  const commit = (message: string) => {
    git('add', '.')
    // Whatever the machine's own git is set to: signing, hooks, an author.
    const settings = ['user.name=test', 'user.email=test@localhost', 'commit.gpgsign=false', 'core.hooksPath=/dev/null']
    git(...settings.flatMap((setting) => ['-c', setting]), 'commit', '--quiet', '-m', message)
    git('tag', message)
  }

  beforeEach(() => {
    // The project below the repository's root, as in a monorepo.
    const repository = mkdtempSync(join(tmpdir(), 'schema-'))
    root = join(repository, 'project')
    mkdirSync(join(root, 'schema'), { recursive: true })
    git('init', '--quiet', repository)
    writeFileSync(join(root, acceptedFile), '# none\n')
    commit('empty')
    writeFileSync(join(root, supergraphFile), before)
    commit('first')
    writeFileSync(join(root, supergraphFile), after)
  })
  afterEach(() => rmSync(join(root, '..'), { recursive: true }))

  it('are those of the committed supergraph then and the file now', () => {
    expect(schemaAt('first', root)).toBe(before)
    const { breaking, dangerous, unaccepted } = changesSince('first', root)
    expect(breaking).toHaveLength(2)
    expect(dangerous).toHaveLength(1)
    expect(unaccepted).toEqual(breaking)
  })

  it('are accepted line by line', () => {
    writeFileSync(join(root, acceptedFile), '# nobody used it\n  Query.old was removed.\n')
    expect(changesSince('first', root).unaccepted).toEqual(['Query.name changed type from String to Int.'])
  })

  it('are none where there was no supergraph', () => {
    expect(schemaAt('empty', root)).toBeUndefined()
    expect(changesSince('empty', root)).toEqual({ breaking: [], dangerous: [], unaccepted: [] })
  })

  it('cannot be told from a revision that git does not know', () => {
    expect(() => changesSince('nowhere', root)).toThrow('git knows no revision "nowhere"')
    expect(() => changesSince('--all', root)).toThrow('git knows no revision "--all"')
  })
})
