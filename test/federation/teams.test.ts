import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { createTokenCheck } from '#lib/internal-token/check.ts'
import { makeInternalKey } from '#lib/internal-token/key.ts'
import { startCompanyGraph } from './company-graph.ts'
import { type FeatureStore, type FeatureView, featureStoreSdl, startFeatureStore } from './feature-store/server.ts'
import type { Graph, GraphOptions } from './graph.ts'
import { startGraph } from './graph.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const TABLE = 'Dataset:s3%3A%2F%2Fbank-lakehouse:external%2Fbureau%2Fscores.parquet'
const MODEL = 'Model:mlflow:device-fingerprint'
const VIEW = 'FeatureView:bureau:scores%207d'
const view = (minutesOld: number | null): FeatureView => ({
  ...{ id: VIEW, name: 'scores of the bureau, 7 days', minutesOld, tables: [TABLE], models: [MODEL] },
})
const RULES = [join(import.meta.dirname, 'feature-store/features-fresh.yaml')]

async function store(...given: Parameters<typeof startFeatureStore>): Promise<FeatureStore> {
  const started = await startFeatureStore(...given)
  closers.push(started.close)
  return started
}

/** The demonstration company with a team's subgraph. */
async function company(team: object, settings: object = {}, options: Partial<GraphOptions> = {}): Promise<Graph> {
  const graph = await startCompanyGraph(() => ({ subgraphs: [{ name: 'features', ...team }], ...settings }), options)
  closers.push(graph.close)
  return graph
}

/** Nothing but ours, and a team's subgraph. */
async function small(teams: readonly object[], options: Partial<GraphOptions> = {}): Promise<Graph> {
  const sources = [{ id: 'mlflow', kind: 'mlflow', url: 'http://127.0.0.1:9' }]
  const graph = await startGraph({ sources, ...options, settings: { subgraphs: teams, ...options.settings } })
  closers.push(graph.close)
  return graph
}

/** A file with a schema. */
async function file(sdl: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'modelops-team-')), 'features.graphql')
  await writeFile(path, sdl)
  return path
}

const HEALTH = `query ($id: ID!) { model(id: $id) { name health { findings(rules: ["features-fresh"]) { outcome message } } } }`
type Health = { model: { health: { findings: { outcome: string; message: string }[] } } }
const LINEAGE = `query ($of: ID!, $direction: LineageWalk) { lineage(of: $of, direction: $direction, depth: 4) {
  nodes { id type label node { ... on FeatureView { minutesOld } } incomplete { reason message } } edges { from to field } incomplete { reason message } } }`
interface Lineage {
  lineage: {
    nodes: { id: string; type: string; label: string; node: object; incomplete: { message: string }[] }[]
    edges: { from: string; to: string; field: string }[]
    incomplete: { reason: string; message: string }[]
  }
}

describe("a team's own subgraph", () => {
  it('adds types and fields, is found by id, is walked through, and can be judged by', async () => {
    const features = await store([view(90)])
    const graph = await company({ url: features.url }, { health: { rules: RULES } })
    expect(graph.refused).toEqual([])
    expect(
      await graph.data(
        'query ($id: ID!) { node(id: $id) { id ... on FeatureView { name tables { id namespace } } } }',
        {
          id: VIEW,
        },
      ),
    ).toEqual({
      node: {
        id: VIEW,
        name: 'scores of the bureau, 7 days',
        tables: [{ id: TABLE, namespace: 's3://bank-lakehouse' }],
      },
    })
    const { lineage: down } = await graph.data<Lineage>(LINEAGE, { of: TABLE, direction: 'DOWNSTREAM' })
    expect(down.nodes).toContainEqual({
      ...{ id: VIEW, type: 'FeatureView', label: 'scores of the bureau, 7 days', incomplete: [] },
      node: { minutesOld: 90 },
    })
    expect(down.edges).toContainEqual({ from: TABLE, to: VIEW, field: 'Dataset.featureViews' })
    expect(down.edges).toContainEqual({ from: VIEW, to: MODEL, field: 'FeatureView.models' })
    const { lineage: up } = await graph.data<Lineage>(LINEAGE, { of: MODEL, direction: 'UPSTREAM' })
    expect(up.edges).toContainEqual({ from: VIEW, to: MODEL, field: 'Model.featureViews' })
    expect(up.edges).toContainEqual({ from: TABLE, to: VIEW, field: 'FeatureView.tables' })
    const { lineage: own } = await graph.data<Lineage>(LINEAGE, { of: VIEW, direction: 'UPSTREAM' })
    expect(own.nodes.slice(0, 2).map(({ id }) => id)).toEqual([VIEW, TABLE])
    const impact = `query ($of: ID!) { impact(of: $of) { models { id } others { id type } } }`
    expect(await graph.data(impact, { of: TABLE })).toMatchObject({
      impact: {
        models: expect.arrayContaining([{ id: MODEL }]),
        others: expect.arrayContaining([{ id: VIEW, type: 'FeatureView' }]),
      },
    })

    const { model } = await graph.data<Health>(HEALTH, { id: MODEL })
    expect(model.health.findings).toEqual([
      { outcome: 'FAIL', message: 'device-fingerprint reads features that are older than 60 minutes.' },
    ])
  })

  it('that is silent leaves its own fields null with an error that names it, and what hangs on them unknown', async () => {
    const features = await store([view(5)])
    const graph = await company({ url: features.url }, { health: { rules: RULES }, index: { freshSeconds: 1 } })
    await features.close()
    const answer = await graph.ask(`{ model(id: "${MODEL}") { name featureViews { name } } featureViews { name } }`)
    expect(answer.data).toEqual({ model: { name: 'device-fingerprint', featureViews: null }, featureViews: null })
    expect(answer.errors).toHaveLength(2)
    for (const { message, extensions } of answer.errors ?? []) {
      expect(message).toContain('The part of the graph called "features" did not answer')
      expect(extensions).toMatchObject({ code: 'SUBGRAPH_UNAVAILABLE' })
    }
    const { model } = await graph.data<Health>(HEALTH, { id: MODEL })
    expect(model.health.findings).toMatchObject([{ outcome: 'UNKNOWN' }])
    const { lineage } = await graph.data<Lineage>(LINEAGE, { of: TABLE, direction: 'DOWNSTREAM' })
    expect(lineage.nodes.length).toBeGreaterThan(3)
    expect(lineage.incomplete).toContainEqual({ reason: 'DOWN', message: expect.stringContaining('"features"') })
    // Where it stops, and only there: the team has a step from tables and models, and none from runs.
    const stops = (wanted: string) =>
      lineage.nodes
        .filter(({ incomplete }) => incomplete.some(({ message }) => message.includes('"features"')))
        .filter(({ type }) => type === wanted).length
    expect(stops('Dataset')).toBe(lineage.nodes.filter(({ type }) => type === 'Dataset').length)
    expect(stops('TrainingRun')).toBe(0)
  })

  it('that hangs is waited for no longer than the query has time, and is told how long that is', async () => {
    const features = await store([view(5)])
    const graph = await small([{ name: 'features', url: features.url }], {
      settings: { gateway: { requestDeadlineMilliseconds: 600 } },
    })
    await graph.data('{ featureViews { name } }')
    const left = Number(features.calls.at(-1)?.['x-deadline-ms'])
    expect(left).toBeGreaterThan(100)
    expect(left).toBeLessThanOrEqual(540)
    features.before = () => new Promise((resolve) => setTimeout(resolve, 2_000).unref())
    const { data, errors } = await graph.ask('{ featureViews { name } me { subject } }')
    expect(data).toMatchObject({ featureViews: null, me: { subject: 'local' } })
    expect(errors).toMatchObject([{ path: ['featureViews'], extensions: { code: 'UPSTREAM_TIMEOUT' } }])
  })
})

describe('who asks', () => {
  it('is vouched for by a token for that one subgraph, where the gateway has a key', async () => {
    const { secret, shared } = await makeInternalKey()
    const check = await createTokenCheck({ jwk: JSON.stringify(shared) }, 'features', pino({ level: 'silent' }))
    const callers: string[] = []
    const features = await store([view(5)], {
      accepts: async ({ authorization }) => {
        const caller = await check.callerOf(authorization)
        callers.push(caller.subject)
        return true
      },
    })
    const graph = await small([{ name: 'features', url: features.url }], { key: JSON.stringify(secret) })
    await graph.data('{ featureViews { name } }')
    expect(callers).toEqual(['modelops', 'local'])
    // Distributed, this graph's own subgraphs are asked with another key, and a gateway publishes one.
    if (process.env.MODELOPS_TEST_MODE === 'distributed') return
    const jwks = await fetch(`${graph.url}/.well-known/jwks.json`)
    expect(await jwks.json()).toMatchObject({ keys: [{ kty: 'OKP', x: shared.x }] })
  })

  it('is shown by a configured secret instead, which no answer holds', async () => {
    const features = await store([view(5)], { accepts: (headers) => headers['x-team-key'] === 's3cret' })
    const graph = await small([
      { name: 'features', url: features.url, auth: { header: { name: 'x-team-key', value: 's3cret' } } },
    ])
    await graph.data('{ featureViews { name } }')
    expect(features.calls.every(({ authorization }) => authorization === undefined)).toBe(true)

    const refused = await small([
      { name: 'features', url: features.url, schema: await file(featureStoreSdl), auth: { bearer: 'wr0ng' } },
    ])
    const answer = await refused.ask('{ featureViews { name } }')
    expect(answer.errors).toMatchObject([{ message: expect.stringContaining('does not accept the credentials') }])
    expect(JSON.stringify(answer)).not.toContain('wr0ng')
  })
})

describe('what does not compose', () => {
  const models = 'models: [Model!] @lineage(direction: DOWNSTREAM)'
  it.each([
    [
      'another type for a field of ours',
      (sdl: string) => sdl.replace('type Model @key(fields: "id") {', 'type Model @key(fields: "id") {\n  name: Int'),
      [/\.graphql:\d+.*(FIELD_TYPE_MISMATCH|INVALID_FIELD_SHARING): /, 'Named: Model.name', 'To do: '],
    ],
    [
      'no SDL',
      (sdl: string) => sdl.replace('type FeatureView', 'typ FeatureView'),
      [/features\.graphql:\d+: Syntax Error.*To do: correct the SDL/],
    ],
    [
      'a lineage that would be dropped',
      (sdl: string) => sdl.replace('@composeDirective(name: "@lineage")', ''),
      ['@lineage in features would be dropped', 'features.graphql: extend schema @composeDirective(name: "@lineage")'],
    ],
    [
      'a field that takes the model along when the team is down',
      (sdl: string) =>
        sdl.replace(
          'featureViews: [FeatureView!] @lineage(direction: UPSTREAM)',
          'featureViews: [FeatureView!]! @lineage(direction: UPSTREAM)',
        ),
      ['Model.featureViews is a non-null field', 'Take the outer "!" off'],
    ],
    [
      'a root field that takes everything along',
      (sdl: string) => sdl.replace('featureViews: [FeatureView!]\n}', 'featureViews: [FeatureView!]!\n}'),
      ['Query.featureViews is a non-null root field'],
    ],
    [
      'a type with an id that nobody can find',
      (sdl: string) => sdl.replace('implements Node @key(fields: "id")', 'implements Node'),
      ['FeatureView implements Node and has no @key'],
    ],
    [
      'a field of ours taken over',
      (sdl: string) =>
        sdl
          .replace(
            'type Model @key(fields: "id") {',
            'type Model @key(fields: "id") {\n  description: String @override(from: "models")',
          )
          .replace('"@composeDirective"]', '"@composeDirective", "@override"]'),
      ['Model.description of features overrides the field of models'],
    ],
    [
      'a type of ours hidden',
      (sdl: string) =>
        sdl
          .replace('type Dataset @key(fields: "id")', 'type Dataset @key(fields: "id") @inaccessible')
          .replace('"@composeDirective"]', '"@composeDirective", "@inaccessible"]'),
      ['Dataset'],
    ],
    [
      'nothing that leads to a type',
      (sdl: string) =>
        sdl.replace(models, `${models}\n  owner: Owner`) +
        '\ntype Owner @key(fields: "name", resolvable: false) { name: String! }\nextend type Owner { age: Int @external }',
      ['To do: '],
    ],
  ] as [string, (sdl: string) => string, (string | RegExp)[]][])(
    '(%s) is left out, and told with its place, its name and what to do',
    async (_, change, words) => {
      const sdl = change(featureStoreSdl)
      expect(sdl).not.toBe(featureStoreSdl)
      const graph = await small([{ name: 'features', url: 'http://127.0.0.1:9/graphql', schema: await file(sdl) }])
      expect(graph.refused).toHaveLength(1)
      const text = graph.refused[0]?.words ?? ''
      expect(text).toMatch(/^The subgraph features is left out of the graph/)
      for (const word of words) expect(text).toMatch(word instanceof RegExp ? word : new RegExp(RegExp.escape(word)))
      // The rest of the graph is as ever.
      expect(await graph.data('{ me { subject } }')).toEqual({ me: { subject: 'local' } })
      const ready = await fetch(`${graph.url}/health/ready`)
      // Whether it is ready hangs on how busy the machine is.
      expect(await ready.json()).toMatchObject({ subgraphsRefused: ['features'] })
    },
  )

  it('does not take the subgraphs of other teams along', async () => {
    const features = await store([view(5)])
    const graph = await small([
      { name: 'broken', url: 'http://127.0.0.1:9/graphql', schema: await file('type Query { models: Int }') },
      { name: 'features', url: features.url },
    ])
    expect(graph.refused.map(({ name }) => name)).toEqual(['broken'])
    expect(await graph.data('{ featureViews { minutesOld } }')).toEqual({ featureViews: [{ minutesOld: 5 }] })
  })

  it('stops the start where only the configuration can mend it', async () => {
    await expect(small([{ name: 'models', url: 'http://127.0.0.1:9' }])).rejects.toThrow(
      'models is the name of one of our own subgraphs',
    )
    await expect(small([{ name: 'features', url: 'http://127.0.0.1:9', schema: '/nowhere' }])).rejects.toThrow(
      'The schema /nowhere of the subgraph features cannot be read (ENOENT)',
    )
    const two = { name: 'features', url: 'http://127.0.0.1:9' }
    await expect(small([two, two])).rejects.toThrow('a name that no other subgraph has')
  })
})

describe('at the start', () => {
  it('a silent server goes on as it last was, and answers when it is back', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modelops-kept-'))
    const first = await store([view(5)])
    await small([{ name: 'features', url: first.url }], { folder })
    expect(await readFile(join(folder, 'features.graphql'), 'utf8')).toContain('type FeatureView')
    await first.close()

    const graph = await small([{ name: 'features', url: first.url }], { folder })
    expect(graph.refused[0]?.words).toContain('goes on as it last was')
    expect(graph.refused[0]?.words).toContain('cannot be reached. To do: see that it runs')
    const { data, errors } = await graph.ask('{ featureViews { minutesOld } }')
    expect(data).toEqual({ featureViews: null })
    expect(errors).toMatchObject([{ path: ['featureViews'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }])
    await store([view(7)], { port: Number(new URL(first.url).port) })
    expect(await graph.data('{ featureViews { minutesOld } }')).toEqual({ featureViews: [{ minutesOld: 7 }] })
  })

  it('a schema that fits no longer leaves the last good one in the graph', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modelops-kept-'))
    const path = await file(featureStoreSdl)
    const features = await store([view(5)])
    const team = { name: 'features', url: features.url, schema: path }
    await small([team], { folder })
    await writeFile(path, featureStoreSdl.replace('type Query {', 'type Query {\n  models: Int'))
    const graph = await small([team], { folder })
    expect(graph.refused[0]?.words).toContain('goes on as it last was')
    expect(graph.refused[0]?.words).toContain('Query.models')
    expect(await graph.data('{ featureViews { minutesOld } }')).toEqual({ featureViews: [{ minutesOld: 5 }] })
    // What was refused is not kept.
    expect(await readFile(join(folder, 'features.graphql'), 'utf8')).toBe(featureStoreSdl)
  })

  it('a server that was never heard of is left out, and the graph goes on', async () => {
    const server = createServer((_, response) => response.end('<html>secret words</html>'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    closers.push(async () => server.close())
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const graph = await small([
      { name: 'features', url: 'http://127.0.0.1:9/graphql' },
      { name: 'pages', url },
    ])
    const [features, pages] = graph.refused.map(({ words }) => words)
    expect(features).toContain('features is left out of the graph')
    expect(pages).toContain('is it a subgraph of Apollo Federation 2')
    expect(pages).not.toContain('secret words')
    const { errors } = await graph.ask('{ featureViews { name } }')
    expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }])
    expect(await graph.data('{ me { subject } }')).toEqual({ me: { subject: 'local' } })
  })

  it('a rule that needs what is left out stops it, since without the rule things would look well', async () => {
    const team = { name: 'features', url: 'http://127.0.0.1:9/graphql' }
    await expect(small([team], { settings: { health: { rules: RULES } } })).rejects.toThrow(
      /features-fresh\.yaml:\d+:\d+: facts: Cannot query field "featureViews" on type "Model"/,
    )
  })
})
