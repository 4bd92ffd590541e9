import { describe, expect, it } from 'vitest'
import { linkedIdentity, registryOf, UNTOLD } from '#services/serving/identity.ts'
import { declaredOf } from '#services/serving/open-inference/declared.ts'

const MODEL = { name: 'fraud', version: '3', loadState: 'READY' } as const

const link = (served: object, is: object = {}) => ({
  served: { source: 'triton', model: 'fraud', ...served },
  is: { registry: 'prod', model: 'fraud-detector', ...is },
})

describe('links of the configuration', () => {
  it('for one version beat those for all', () => {
    const links = [link({}, { version: '7' }), link({ version: '3' }, { version: '8' })]
    expect(linkedIdentity(links, 'triton', MODEL, UNTOLD)).toMatchObject({ modelVersion: '8' })
    expect(linkedIdentity(links, 'triton', { name: 'fraud', version: '4' }, UNTOLD)).toMatchObject({
      modelVersion: '7',
    })
  })

  it('are of one source and one name', () => {
    expect(linkedIdentity([link({ source: 'other' })], 'triton', MODEL, UNTOLD)).toBeUndefined()
    expect(linkedIdentity([link({ model: 'Fraud' })], 'triton', MODEL, UNTOLD)).toBeUndefined()
    expect(linkedIdentity([link({ version: '4' })], 'triton', MODEL, UNTOLD)).toBeUndefined()
  })

  it('without a version of the registry mean the one that the server tells', () => {
    const links = [link({})]
    expect(linkedIdentity(links, 'triton', MODEL, UNTOLD)).toMatchObject({ modelVersion: '3' })
    expect(linkedIdentity(links, 'triton', MODEL, { ...UNTOLD, modelVersion: '9' })).toMatchObject({
      modelVersion: '9',
    })
  })

  it('leave the version to the run where the server tells that', () => {
    const told = { ...UNTOLD, modelVersion: '9', runId: 'abc' }
    expect(linkedIdentity([link({})], 'triton', MODEL, told)).toMatchObject({ modelVersion: null, runId: 'abc' })
  })
})

describe('the registry of a source', () => {
  it('is the one that it names, else the only one there is', () => {
    expect(registryOf('lab', ['prod', 'lab'])).toBe('lab')
    expect(registryOf(undefined, ['prod'])).toBe('prod')
    expect(registryOf(undefined, ['prod', 'lab'])).toBeNull()
    expect(registryOf(undefined, [])).toBeNull()
  })
})

describe('what is said of a model on an Open Inference server', () => {
  const contextOf = (options: { registry?: string; convention?: 'name-and-version' }) => {
    const source = { id: 'triton', kind: 'open-inference', title: 'Triton', url: 'http://triton.example', formerly: [] }
    return { source: { ...source, ...options }, links: [], registries: ['prod', 'lab'] }
  }

  it('is nothing where neither server nor configuration say anything', () => {
    expect(declaredOf(MODEL, UNTOLD, contextOf({}))).toBeNull()
  })

  it('is the registry alone where the source names that alone', () => {
    const declared = declaredOf(MODEL, UNTOLD, contextOf({ registry: 'lab' }))
    expect(declared).toMatchObject({ registry: 'lab', modelName: null, link: { method: 'CONFIGURED' } })
  })

  it('is the convention that the source states, in its words', () => {
    expect(declaredOf(MODEL, UNTOLD, contextOf({ registry: 'lab', convention: 'name-and-version' }))).toMatchObject({
      ...{ registry: 'lab', modelName: 'fraud', modelVersion: '3' },
      link: {
        method: 'MATCHED',
        evidence: 'the configuration of triton states that names and versions are those of the registry',
      },
    })
  })

  it('is what the server declares, before any convention', () => {
    const told = { ...UNTOLD, modelName: 'iris', modelVersion: '2' }
    expect(declaredOf(MODEL, told, contextOf({ convention: 'name-and-version' }))).toMatchObject({
      ...{ registry: null, modelName: 'iris', modelVersion: '2' },
      link: { method: 'DECLARED', evidence: 'the server declares model = iris, version = 2' },
    })
  })

  it('is completed by the convention where the server declares no version', () => {
    const told = { ...UNTOLD, modelName: 'iris' }
    expect(declaredOf(MODEL, told, contextOf({ convention: 'name-and-version' }))).toMatchObject({
      ...{ modelName: 'iris', modelVersion: '3', link: { method: 'MATCHED' } },
    })
    expect(declaredOf(MODEL, told, contextOf({}))).toMatchObject({ modelVersion: null, link: { method: 'DECLARED' } })
  })
})
