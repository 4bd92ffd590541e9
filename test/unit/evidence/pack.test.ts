import { createHash } from 'node:crypto'
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { iriOf } from '#gateway/evidence/bom/format.ts'
import { mlBom } from '#gateway/evidence/bom/ml-bom.ts'
import { packOf } from '#gateway/evidence/pack.ts'
import { checked, valid } from './bom-schema.ts'
import { bare, caller, down, ID, materialOf, whole } from './evidence.ts'

const HOSTILE = `Ünïcode 名 "quoted" </model> \\ {{x}} \u0000\ud800 ${'long '.repeat(500)}`
const SERIAL = '3e671687-395b-41f5-a30f-a58921a69b79'
const model = (fields: object) => ({ model: fields })

describe('the bill of materials', () => {
  it('is found out when it is not valid', () => {
    expect(valid({ bomFormat: 'CycloneDX', specVersion: '1.7', components: [{ type: 'model' }] })).toBe(false)
    expect(
      valid({ bomFormat: 'CycloneDX', specVersion: '1.7', externalReferences: [{ type: 'vcs', url: 'a b' }] }),
    ).toBe(false)
  })

  it('describes the champion with its card, data, code and measures', async () => {
    const bom = checked(mlBom(await materialOf({ ...whole('churn'), caller: { me: caller } }), SERIAL))
    const subject = bom.metadata.component
    expect(subject).toMatchObject({
      ...{ type: 'machine-learning-model', 'bom-ref': 'ModelVersion:mlflow:churn:churn', name: 'churn' },
      pedigree: { commits: [{ uid: 'churn', url: 'https://example.org/x', author: { name: 'churn' } }] },
      modelCard: {
        modelParameters: {
          ...{ task: 'churn', datasets: [{ ref: 'Dataset:churn' }] },
          ...{ inputs: [{ format: 'churn: churn [-1, 3]' }], outputs: [{ format: 'churn: churn [-1, 3]' }] },
        },
        quantitativeAnalysis: { performanceMetrics: [{ type: 'churn', value: 'churn', slice: 'churn' }] },
        considerations: { users: ['churn'], useCases: ['churn'] },
      },
    })
    expect(bom.components).toMatchObject([
      {
        ...{ type: 'data', 'bom-ref': 'Dataset:churn' },
        data: [{ sensitiveData: ['churn: churn'], governance: { owners: [{ organization: { name: 'churn' } }] } }],
      },
    ])
    expect(bom.dependencies).toEqual([{ ref: subject['bom-ref'], dependsOn: ['Dataset:churn'] }])
    expect(bom.metadata.properties).toContainEqual({ name: 'modelops:asked-by', value: 'key:audit' })
  })

  it.each([
    ['hostile names', whole(HOSTILE, `https://example.org/a b|c\\d{e}?q="<>#^\``)],
    ['addresses that are none', whole('churn', 'not an address')],
    ['a model of which nothing is told', { model: model(bare('')) }],
    ['a model that is no word', { model: model(bare(HOSTILE)) }],
  ])('is valid with %s', async (_name, answers) => {
    const bom = checked(mlBom(await materialOf(answers), SERIAL))
    expect(bom.metadata.component.type).toBe('machine-learning-model')
  })

  it('says that it is not complete where a source was silent, and never that it is', async () => {
    const served = model({ served: { nodes: [], incomplete: [down('server')] } })
    const silent = checked(mlBom(await materialOf({ model: model(bare()), served }), SERIAL))
    expect(silent.compositions).toMatchObject([{ aggregate: 'incomplete' }])
    expect(silent.metadata.properties).toContainEqual({
      ...{ name: 'modelops:missing', value: 'server: DOWN. server is silent.' },
    })
    const all = checked(mlBom(await materialOf({ model: model(bare()) }), SERIAL))
    expect(all.compositions).toMatchObject([{ aggregate: 'not_specified' }])
  })

  it('takes addresses only', () => {
    expect(iriOf('s3://bucket/a b')).toBe('s3://bucket/a%20b')
    expect(iriOf('a table')).toBeUndefined()
    expect(iriOf(undefined)).toBeUndefined()
  })
})

describe('the pack', () => {
  it('holds all files, and the hash of each', async () => {
    const files = unzipSync(packOf(await materialOf(whole('churn'))))
    expect(Object.keys(files).sort()).toEqual([
      ...[
        'attestations.json',
        'audit.ndjson',
        'bom.cdx.json',
        'facts.json',
        'findings.json',
        'lineage.dot',
        'lineage.json',
        'lineage.mmd',
        'lineage.svg',
        'manifest.json',
        'report.html',
      ],
    ])
    const read = (name: string) => JSON.parse(strFromU8(files[name] ?? new Uint8Array()))
    const manifest = read('manifest.json')
    expect(manifest).toMatchObject({ model: ID, incomplete: true, graph: { sha256: 'f00d' }, rules: [{ id: 'churn' }] })
    for (const { path, bytes, sha256 } of manifest.files) {
      const content = files[path] ?? new Uint8Array()
      expect([bytes, sha256]).toEqual([content.length, createHash('sha256').update(content).digest('hex')])
    }
    expect(manifest.files).toHaveLength(10)
    checked(read('bom.cdx.json'))
  })

  it('holds every question with its answer as it came', async () => {
    const material = await materialOf(whole('churn'))
    const files = unzipSync(packOf(material))
    const { asked } = JSON.parse(strFromU8(files['facts.json'] ?? new Uint8Array()))
    expect(asked).toHaveLength(material.evidence.asked.length)
    expect(asked[0]).toEqual({
      ...{ question: 'model', variables: { id: ID }, document: expect.stringContaining('query EvidenceModel') },
      ...{ askedAt: expect.any(String), errors: [], data: material.evidence.asked[0]?.data },
    })
  })
})
