import { afterEach, describe, expect, it } from 'vitest'
import { startMarquez } from '#demo/marquez/index.ts'
import { startMlflow } from '#demo/mlflow/index.ts'
import { startOpenMetadata } from '#demo/openmetadata/index.ts'
import { startFaultServer } from '../faults/proxy.ts'
import { type Graph, startGraph } from './graph.ts'

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

const NOW = Date.now()
const day = (days: number) => NOW - days * 86_400_000
const iso = (days: number) => new Date(day(days)).toISOString()
const assertions = (success: boolean) => ({ dataQualityAssertions: { assertions: [{ assertion: 'range', success }] } })

/** Checked by Marquez: it failed when the first run started, and was right again at the second. */
const marquezData = {
  datasets: [
    {
      ...{ namespace: 's3://b', name: 'loans', createdAt: iso(40), updatedAt: iso(5), facets: assertions(true) },
      versions: [
        { createdAt: iso(5), facets: assertions(true) },
        { createdAt: iso(20), facets: assertions(false) },
      ],
    },
  ],
}
/** Checked by OpenMetadata, once long ago and once since the first run started. */
const openMetadataData = {
  tables: [{ fullyQualifiedName: 'lake.default.main.people' }],
  testCases: [
    {
      ...{ name: 'not null', entityLink: '<#E::table::lake.default.main.people>' },
      results: [
        { timestamp: day(30), testCaseStatus: 'Success' },
        { timestamp: day(8), testCaseStatus: 'Failed', result: 'Found 3' },
      ],
    },
  ],
}
const run = (id: string, days: number) => ({
  ...{ id: id.repeat(32), name: `run ${id}`, experimentId: '1', startedAt: day(days), endedAt: day(days) + 1_000 },
  datasets: [
    { name: 'loans', sourceType: 's3', source: '{"uri": "s3a://b/loans/"}', digest: 'x' },
    { name: 'loans', sourceType: 's3', source: '{"uri": "s3://b/loans"}', digest: 'x' },
    { name: 'people', sourceType: 's3', source: '{"uri": "s3://p/people"}', digest: 'y' },
    { name: 'unknown', sourceType: 's3', source: '{"uri": "s3://p/unknown"}', digest: 'z' },
  ],
})
const QUALITY =
  '{ status passed failed unknown lastRunAt checks { name status message ranAt } incomplete { source reason } }'
const ask = `{ models { nodes { versions { nodes { run { name inputQuality { dataset { name } quality ${QUALITY} } } } } } } }`

describe('the quality of what a run read', () => {
  const stops: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop()
  })

  async function start(throughFaults = false) {
    const [marquez, openMetadata, mlflow] = await Promise.all([
      startMarquez({ data: marquezData }),
      startOpenMetadata({ data: openMetadataData }),
      startMlflow({
        version: '3.17.2',
        data: {
          experiments: [{ id: '1', name: 'e', createdAt: 1 }],
          runs: [run('a', 10), run('b', 1)],
          models: [
            {
              ...{ name: 'm', createdAt: 1 },
              versions: [
                { createdAt: day(10), source: 's3://m', runId: 'a'.repeat(32) },
                { createdAt: day(1), source: 's3://m', runId: 'b'.repeat(32) },
              ],
            },
          ],
        },
      }),
    ])
    const proxy = throughFaults ? await startFaultServer({ target: openMetadata.url }) : undefined
    const graph: Graph = await startGraph({
      sources: [
        { id: 'mz', kind: 'marquez', url: marquez.url },
        {
          ...{ id: 'om', kind: 'openmetadata', url: proxy?.url ?? openMetadata.url, auth: { bearer: 'token' } },
          services: { lake: 's3://p' },
        },
        { id: 'mlflow', kind: 'mlflow', url: mlflow.url },
      ],
      settings: {
        datasets: [
          { named: { namespace: 's3://p', name: 'default.main.people' }, is: { namespace: 's3://p', name: 'people' } },
        ],
      },
    })
    stops.push(marquez.close, openMetadata.close, mlflow.close, graph.close)
    if (proxy) stops.push(proxy.close)
    return { marquez, openMetadata, graph, proxy }
  }
  const byRun = ({ models }: Json) =>
    Object.fromEntries(models.nodes[0].versions.nodes.map(({ run: one }: Json) => [one.name, one.inputQuality]))

  it('is that of the moment at which it started, and asked for once', async () => {
    const { marquez, openMetadata, graph } = await start()
    const runs = byRun(await graph.data<Json>(ask))
    const told = (status: string, more: object) => expect.objectContaining({ status, incomplete: [], ...more })
    expect(runs['run a']).toEqual([
      { dataset: { name: 'loans' }, quality: told('FAILED', { failed: 1, lastRunAt: null }) },
      { dataset: { name: 'people' }, quality: told('PASSED', { passed: 1, lastRunAt: iso(30) }) },
      { dataset: { name: 'unknown' }, quality: null },
    ])
    expect(runs['run b']).toEqual([
      { dataset: { name: 'loans' }, quality: told('PASSED', { passed: 1 }) },
      {
        dataset: { name: 'people' },
        quality: told('FAILED', {
          checks: [{ name: 'not null', status: 'FAILED', message: 'Found 3', ranAt: iso(8) }],
        }),
      },
      { dataset: { name: 'unknown' }, quality: null },
    ])
    // Marquez: its versions once for each moment, or for both together. OpenMetadata: its last result stood already when the
    // second run started.
    const asked = () => [
      marquez.calls.filter(({ path }) => path.includes('/versions')).length,
      openMetadata.calls.filter(({ path }) => path.includes('/testCaseResults/')).length,
    ]
    const first = asked()
    expect(first[0]).toBeLessThanOrEqual(2)
    expect(first[1]).toBe(1)
    await graph.data(ask)
    expect(asked()).toEqual(first)
  })

  it('is the same for a dataset that is asked as of a moment', async () => {
    const { graph } = await start()
    const dataset = 'dataset(id: "Dataset:s3%3A%2F%2Fb:loans")'
    const answer = await graph.data<Json>(
      `{ stood: ${dataset} { quality(at: "${iso(10)}") { status } } first: ${dataset} { quality(at: "${iso(35)}") { status } }
        now: ${dataset} { quality { status } } later: ${dataset} { quality(at: "2999-01-01T00:00:00Z") { status } } }`,
    )
    expect(answer).toEqual({
      stood: { quality: { status: 'FAILED' } },
      first: { quality: null },
      now: { quality: { status: 'PASSED' } },
      later: { quality: { status: 'PASSED' } },
    })
    const { errors } = await graph.ask(`{ ${dataset} { quality(at: "yesterday") { status } } }`)
    expect(errors?.[0]?.message).toContain('ISO 8601')
  })

  it('is UNKNOWN while a catalog that may test it is silent, unless a check is known to have failed', async () => {
    const { graph, proxy } = await start(true)
    await proxy?.fault({ kind: 'answer', status: 500, body: 'secret words' })
    const answer = await graph.ask(ask)
    expect(answer.errors).toBeUndefined()
    const runs = byRun(answer.data)
    const silent = [{ source: 'om', reason: 'DOWN' }]
    const statuses = (name: string) => runs[name].map(({ quality }: Json) => [quality.status, quality.incomplete])
    expect(statuses('run a')).toEqual([
      ['FAILED', silent],
      ['UNKNOWN', silent],
      ['UNKNOWN', silent],
    ])
    expect(statuses('run b')[0]).toEqual(['UNKNOWN', silent])
    expect(JSON.stringify(answer)).not.toContain('secret words')
  })

  it('is UNKNOWN where only what stood then cannot be had', async () => {
    const { graph, proxy } = await start(true)
    await graph.data('{ datasets { nodes { name } } }')
    await proxy?.fault({ kind: 'answer', status: 500, body: 'secret words' })
    const runs = byRun(await graph.data<Json>(ask))
    const people = runs['run a'].find(({ dataset }: Json) => dataset.name === 'people')
    expect(people.quality).toMatchObject({
      status: 'UNKNOWN',
      checks: [],
      incomplete: [{ source: 'om', reason: 'DOWN' }],
    })
    expect(runs['run a'][0].quality).toMatchObject({ status: 'FAILED', incomplete: [] })
  })
})
