import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import type { GraphPort } from '#lib/graph.ts'
import { independenceOf } from '#services/governance/recorded/independence.ts'

const person = (id: string, logins: object, kind: 'person' | 'team' = 'person') => ({
  ...{ id, name: id.toUpperCase(), kind },
  logins: { identityProvider: [], mlflow: [], git: [], forge: [], ...logins },
})
const people = [
  person('ann', { identityProvider: ['ann@idp'], mlflow: ['ann'], forge: ['ann-forge'] }),
  person('bob', { identityProvider: ['bob@idp'], mlflow: ['bob'], git: ['bob@example.com'] }),
  person('robots', { mlflow: ['train-bot'] }, 'team'),
]

interface Authors {
  createdBy?: string | null
  user?: string | null
  author?: string | null
  /** false: none was recorded, or it is gone. */
  run?: boolean
  commit?: boolean
}
const version = ({ createdBy = null, user = null, author = null, run = true, commit = true }: Authors) => ({
  ...{ id: 'ModelVersion:m:a:1', createdBy, runId: 'r' },
  run: run ? { id: 'TrainingRun:m:r', user, commit: commit ? { id: 'Commit:u:s', author } : null } : null,
})

async function toldOf(subject: string, node: object | null, caller = 'ann@idp') {
  const graph: GraphPort = { query: async () => ({ data: { node }, errors: [] }) }
  const context = { requestId: 'r', caller: { subject: caller, roles: [], scopes: [] }, log: pino({ level: 'silent' }) }
  return independenceOf(subject, { graph, people }, { ...context, signal: new AbortController().signal })
}

describe('whether who vouches for a version is one of its authors', () => {
  const bobs = { createdBy: 'bob', user: 'bob', author: 'bob@example.com' }
  test.each<[string, Authors, string, boolean | null]>([
    ['all are somebody else', bobs, 'ann@idp', true],
    ['the run is theirs', { ...bobs, user: 'ann' }, 'ann@idp', false],
    ['the version is theirs', { ...bobs, createdBy: 'ann' }, 'ann@idp', false],
    ['the commit is theirs, by their login at the forge', { ...bobs, author: 'ann-forge' }, 'ann@idp', false],
    ['the run is theirs, and the rest is not known', { user: 'ann' }, 'ann@idp', false],
    // No more than who registers what others made is an author of it: MLflow never tells.
    ['the registry does not tell who registered', { ...bobs, createdBy: null }, 'ann@idp', true],
    ['the run is not known', { createdBy: 'bob', run: false }, 'ann@idp', null],
    ['the commit is not known', { ...bobs, commit: false }, 'ann@idp', null],
    ['the author of the commit is in no entry of people', { ...bobs, author: 'carol' }, 'ann@idp', null],
    ['a team made the run', { ...bobs, user: 'train-bot' }, 'ann@idp', null],
    ['who vouches is in no entry of people', bobs, 'dora@idp', null],
    ['who vouches is in no entry, and has the login of the run', { ...bobs, user: 'dora@idp' }, 'dora@idp', false],
    // The forge's login of one person is no login at MLflow: names of two systems are not compared.
    ['a login of another system is alike', { ...bobs, user: 'ann-forge' }, 'ann@idp', null],
  ])('%s', async (_, authors, caller, independent) => {
    const told = await toldOf('ModelVersion:m:a:1', version(authors), caller)
    expect(told.independent).toBe(independent)
    expect(told.independenceEvidence).not.toMatch(/ann|bob|carol|dora/i)
  })

  test('of a model, its champion counts; without one, and of other things, it cannot be told', async () => {
    expect((await toldOf('Model:m:a', { champion: version(bobs) })).independent).toBe(true)
    expect((await toldOf('Model:m:a', { champion: null })).independent).toBeNull()
    expect((await toldOf('Model:m:a', null)).independent).toBeNull()
    expect((await toldOf('Endpoint:t:a', null)).independent).toBeNull()
  })
})
