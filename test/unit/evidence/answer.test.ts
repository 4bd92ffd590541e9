import { describe, expect, it } from 'vitest'
import { type Asked, nonesOf, readAnswer } from '#gateway/evidence/answer.ts'
import { QUESTIONS } from '#gateway/evidence/questions.ts'
import { graphSchema } from './evidence.ts'

const nones = new Map([
  ['model.champion', undefined],
  ['model.list.stage', undefined],
  ['model.owners', 'claims'],
])
const at = (data: Asked['data'], errors: Asked['errors'] = []) => readAnswer({ data, errors, nones }, 'model')

describe('a place in an answer', () => {
  it('of null is none only where the contract says so', () => {
    const model = at({ model: { champion: null, domain: null } })
    expect(model.get('champion').none).toBe(true)
    expect(model.get('champion', 'version').none).toBe(true)
    expect(model.get('domain').none).toBe(false)
    expect(model.get('nothing', 'that', 'was', 'asked').none).toBe(false)
    expect(at({ model: null }).get('champion').none).toBe(false)
    expect(at({ model: { list: null } }).get('list', 'stage').none).toBe(false)
  })

  it('of null is not none where an error accounts for it, above or below', () => {
    const error = (path: (string | number)[]) => ({
      ...{ message: 'mlflow is silent', path },
      extensions: { code: 'UPSTREAM_UNAVAILABLE', source: 'mlflow' },
    })
    for (const path of [['model', 'champion'], ['model', 'champion', 'run', 'name'], ['model']]) {
      const champion = at({ model: { champion: null } }, [error(path)]).get('champion')
      expect(champion.none).toBe(false)
      expect(champion.why).toMatchObject([{ source: 'mlflow', reason: 'DOWN', message: 'mlflow is silent' }])
    }
    const gone = at({ model: null }, [error(['model'])])
    expect(gone.get('champion', 'version').why).toHaveLength(1)
  })

  it('is none only while what stands beside it is complete, where the contract says so', () => {
    const hole = { source: 'om', reason: 'DOWN', message: 'm', count: null }
    const owners = (more: object) => at({ model: { owners: null, champion: null, ...more } }).get('owners')
    expect(owners({ claims: { incomplete: [] } })).toMatchObject({ none: true, why: [] })
    expect(owners({ claims: { incomplete: [hole] } })).toMatchObject({ none: false, why: [hole] })
    expect(owners({}).none).toBe(false)
    expect(at({ model: { champion: null, claims: { incomplete: [hole] } } }).get('champion').none).toBe(true)
  })

  it('in a list is told by its own errors', () => {
    const error = { message: 'no', path: ['model', 'list', 1, 'stage'], extensions: { code: 'UPSTREAM_TIMEOUT' } }
    const [first, second] = at({ model: { list: [{ stage: null }, { stage: null }] } }, [error]).get('list').items
    expect(first?.get('stage')).toMatchObject({ none: true, why: [] })
    expect(second?.get('stage')).toMatchObject({ none: false, why: [{ reason: 'TIMEOUT' }] })
  })

  it('in a record with something missing is neither none nor known to be empty', () => {
    const hole = { source: 's', reason: 'DOWN', message: 'm', count: null }
    const model = at({ model: { champion: null, list: [], incomplete: [hole] } })
    expect(model.incomplete).toEqual([hole])
    expect(model.get('champion')).toMatchObject({ none: false, beside: [hole] })
    expect(model.get('list').beside).toEqual([hole])
  })
})

describe('the contract', () => {
  it('is read by type and field, at each path of the question', () => {
    const read = nonesOf(QUESTIONS.versions, {
      schema: graphSchema,
      nullMeansNone: (type, field) => `${type}.${field}` === 'ModelVersion.stage',
      nullUnless: () => undefined,
    })
    expect([...read]).toEqual([['model.versions.nodes.stage', undefined]])
  })
})
