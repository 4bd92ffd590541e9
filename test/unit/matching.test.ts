import { describe, expect, it } from 'vitest'
import {
  type Declared,
  judge,
  type ServedIdentity,
  servedKeys,
  type VersionIdentity,
  versionKeys,
} from '#lib/matching.ts'

const RUN = 'f5ff3c0147654cbcba9114a63926adc7'
const OTHER_RUN = '0123456789abcdef0123456789abcdef'
const LOGGED = 'm-2c31a4a2bb8d44458aa598799111a4c7'
const OTHER_LOGGED = 'm-ffffffffffffffffffffffffffffffff'

const version = (more: Partial<VersionIdentity> = {}): VersionIdentity => ({
  ...{ registry: 'prod', model: 'iris', version: '2', runId: RUN, artifactUri: null, loggedModelId: null },
  ...more,
})

const link = (method: Declared['link']['method']): Declared['link'] => ({
  method,
  confidence: 1,
  evidence: 'it is said',
})

const declared = (more: Partial<Declared> = {}): Declared => ({
  ...{ registry: 'prod', modelName: null, modelVersion: null, runId: null, loggedModelId: null, artifactUri: null },
  ...{ link: link('DECLARED'), ...more },
})

const served = (more: Partial<Declared> | null, named: Partial<ServedIdentity> = {}): ServedIdentity => ({
  ...{ name: 'iris', version: '2', declared: more && declared(more) },
  ...named,
})

const CONVENTION = { link: link('MATCHED'), modelName: 'iris', modelVersion: '2' }

describe('names alone', () => {
  it('are a guess with low confidence where nothing states a convention', () => {
    const verdict = judge(version(), served(null))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'GUESSED', confidence: 0.3 } })
  })

  it('match by the convention that the source states', () => {
    const verdict = judge(version(), served(CONVENTION))
    expect(verdict).toEqual({
      same: 'yes',
      link: { method: 'MATCHED', confidence: 0.8, evidence: 'it is said: iris version 2' },
    })
  })

  it('do not match another version or another name, in whatever case', () => {
    expect(judge(version({ version: '3' }), served(null))).toEqual({ same: 'no' })
    expect(judge(version({ version: '02' }), served(null))).toEqual({ same: 'no' })
    expect(judge(version({ model: 'Iris' }), served(CONVENTION))).toEqual({ same: 'no' })
  })

  it('tell the model alone where the server gives no version', () => {
    const verdict = judge(version(), served(null, { version: null }))
    expect(verdict).toMatchObject({ same: 'model', link: { method: 'GUESSED' } })
  })

  it('stay a guess when the server declares something that the registry does not know of this version', () => {
    const verdict = judge(version({ runId: null }), served({ runId: RUN }))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'GUESSED', confidence: 0.3 } })
  })

  it('stay a guess when the source names no more than its registry', () => {
    const verdict = judge(version(), served({ link: link('CONFIGURED') }))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'GUESSED', confidence: 0.3 } })
  })
})

describe('registries', () => {
  const inBoth = (declared: Partial<Declared>) =>
    ['prod', 'lab'].map((registry) => judge(version({ registry }), served(declared)))

  it('with the same name are both guessed unless the source names one', () => {
    const verdicts = inBoth({ ...CONVENTION, registry: null })
    const guess = { same: 'yes', link: { method: 'GUESSED', confidence: 0.4 } }
    expect(verdicts).toMatchObject([guess, guess])
  })

  it('other than the one that the source names do not match, whatever the names or the run', () => {
    expect(inBoth(CONVENTION)).toMatchObject([{ same: 'yes', link: { method: 'MATCHED' } }, { same: 'no' }])
    expect(inBoth({ runId: RUN })[1]).toEqual({ same: 'no' })
  })

  it('need not be named where the server declares the run', () => {
    const verdict = judge(version(), served({ registry: null, runId: RUN }))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'DECLARED', confidence: 0.98 } })
  })
})

describe('what identifies the artifact', () => {
  it('refutes an equal name with another run', () => {
    expect(judge(version(), served({ ...CONVENTION, runId: OTHER_RUN }))).toEqual({ same: 'no' })
    expect(judge(version(), served({ modelName: 'iris', modelVersion: '2', runId: OTHER_RUN }))).toEqual({ same: 'no' })
  })

  it('refutes an equal name and run with another logged model, since a run logs several', () => {
    const verdict = judge(version({ loggedModelId: LOGGED }), served({ runId: RUN, loggedModelId: OTHER_LOGGED }))
    expect(verdict).toEqual({ same: 'no' })
  })

  it('is found in the addresses that MLflow 3 writes', () => {
    const known = version({ runId: null, artifactUri: `models:/${LOGGED}` })
    expect(judge(known, served({ loggedModelId: LOGGED }))).toMatchObject({ same: 'yes', link: { method: 'DECLARED' } })
    expect(judge(known, served({ artifactUri: `models:/${OTHER_LOGGED}` }))).toEqual({ same: 'no' })
  })

  it('recognises a version under any name on the server', () => {
    const named = { name: 'retention-api', version: 'blue' }
    const verdict = judge(version({ loggedModelId: LOGGED }), served({ loggedModelId: LOGGED }, named))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'DECLARED', confidence: 0.98 } })
    expect(verdict).toHaveProperty('link.evidence', expect.stringContaining(`logged model id = ${LOGGED}`))
  })

  it('is less sure by the run alone under another name, since a run makes several models', () => {
    const verdict = judge(version(), served({ runId: RUN }, { name: 'setosa' }))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'MATCHED', confidence: 0.7 } })
    expect(verdict).toHaveProperty('link.evidence', expect.stringContaining('though the server calls it setosa'))
  })

  it('is a guess by the run alone when the server declares a logged model that the version does not have', () => {
    const loggedModelId = `m-${'0'.repeat(32)}`
    const verdict = judge(version({ loggedModelId: null }), served({ runId: RUN, loggedModelId }, { name: 'setosa' }))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'GUESSED', confidence: 0.2 } })
  })

  it('leaves it to declared names which of two registrations of one run it is', () => {
    const said = served({ runId: RUN, modelName: 'iris', modelVersion: '2' })
    expect(judge(version(), said).same).toBe('yes')
    expect(judge(version({ version: '3' }), said).same).toBe('no')
    expect(judge(version({ model: 'iris-copy' }), said).same).toBe('no')
  })

  it('is an address only where it means the same on every machine', () => {
    const artifactUri = 's3://models/iris/2/'
    const known = version({ runId: null, artifactUri: 's3://models/iris/2' })
    const other = { name: 'other' }
    expect(judge(known, served({ artifactUri }, other))).toMatchObject({ same: 'yes', link: { method: 'DECLARED' } })
    const local = version({ runId: null, artifactUri: '/mnt/models/iris' })
    expect(judge(local, served({ artifactUri: '/mnt/models/iris' }, other))).toEqual({ same: 'no' })
  })

  it('at another address refutes nothing: two addresses can lead to one artifact', () => {
    const known = version({ artifactUri: 'mlflow-artifacts:/1/abc/artifacts/model' })
    const verdict = judge(known, served({ ...CONVENTION, artifactUri: 's3://models/iris/2' }))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'MATCHED' } })
  })
})

describe('an address in the registry', () => {
  it('with a version is a declaration of it, whatever the server calls it', () => {
    const named = { name: 'setosa', version: '9' }
    const said = served({ artifactUri: 'models:/iris/2' }, named)
    expect(judge(version({ runId: null }), said)).toMatchObject({ same: 'yes', link: { method: 'DECLARED' } })
    expect(judge(version({ runId: null, version: '9' }), said)).toEqual({ same: 'no' })
  })

  it.each([['models:/iris@champion'], ['models:/iris/Production']])('%s tells the model and no version', (uri) => {
    for (const number of ['1', '2']) {
      const verdict = judge(version({ version: number, runId: null }), served({ artifactUri: uri }))
      expect(verdict).toMatchObject({ same: 'model', link: { method: 'DECLARED', confidence: 0.9 } })
    }
  })

  it('with an alias is refuted by the run that was loaded', () => {
    expect(judge(version(), served({ artifactUri: 'models:/iris@champion', runId: OTHER_RUN }))).toEqual({ same: 'no' })
  })
})

describe('the configuration', () => {
  const stated = { link: link('CONFIGURED'), modelName: 'iris', modelVersion: '2' }

  it('beats what the server declares where it states the version', () => {
    const verdict = judge(version(), served({ ...stated, runId: OTHER_RUN }, { name: 'x', version: null }))
    expect(verdict).toMatchObject({ same: 'yes', link: { method: 'CONFIGURED', confidence: 1 } })
  })

  it('leaves the version to the run where it states the model alone', () => {
    const said = served({ ...stated, modelVersion: null, runId: RUN }, { name: 'x' })
    expect(judge(version(), said)).toMatchObject({ same: 'yes', link: { method: 'DECLARED' } })
    expect(judge(version({ version: '3', runId: OTHER_RUN }), said)).toEqual({ same: 'no' })
  })

  it('keeps another model from being recognised by its run', () => {
    const verdict = judge(version({ model: 'copy' }), served({ ...stated, modelVersion: null, runId: RUN }))
    expect(verdict).toEqual({ same: 'no' })
  })

  it('tells the model alone where nothing tells the version', () => {
    const verdict = judge(version(), served({ ...stated, modelVersion: null }))
    expect(verdict).toMatchObject({ same: 'model', link: { method: 'CONFIGURED', confidence: 1 } })
  })
})

describe('keys', () => {
  it('are shared by every pair that matches', () => {
    const some = <T>(...values: T[]) => values
    const versions = some('iris', 'other').flatMap((model) =>
      some(RUN, null).flatMap((runId) =>
        some(null, 's3://models/a', `models:/${LOGGED}`).map((artifactUri) => version({ model, runId, artifactUri })),
      ),
    )
    const said: (Partial<Declared> | null)[] = [
      ...[null, {}, CONVENTION, { runId: RUN }, { loggedModelId: LOGGED }, { artifactUri: 's3://models/a/' }],
      ...['models:/other@champion', 'models:/other/2', `models:/${LOGGED}`].map((artifactUri) => ({ artifactUri })),
      { link: link('CONFIGURED'), modelName: 'other', modelVersion: null, runId: RUN },
    ]
    const matching = versions.flatMap((one) =>
      said.map((more) => ({ one, other: served(more) })).filter(({ other }) => judge(one, other).same !== 'no'),
    )
    expect(matching.length).toBeGreaterThan(20)
    const apart = matching.filter(({ one, other }) => !versionKeys(one).some((key) => servedKeys(other).includes(key)))
    expect(apart).toEqual([])
  })
})
