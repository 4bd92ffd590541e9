import { describe, expect, it } from 'vitest'
import type { MlflowData } from '#demo/mlflow/index.ts'
import { withMlflow } from './client.ts'

const at = Date.UTC(2026, 0, 5)
const isPrompt = { 'mlflow.prompt.is_prompt': 'true' }
const model = (name: string, tags = {}) => ({ name, createdAt: at, tags, versions: [] })

/** Names that break whoever glues a filter together. */
const DATA: MlflowData = {
  models: [
    model('alpha', { team: 'risk', 'k/1.x y': 'v' }),
    model('Beta', { team: 'growth' }),
    model("o'brien"),
    model('100%'),
    model("x' AND tags.team = 'risk"),
    { ...model('ask', isPrompt), versions: [{ createdAt: at, source: 'dummy', tags: isPrompt }] },
  ],
}

const found = (body: { registered_models?: { name: string }[] }) =>
  (body.registered_models ?? []).map(({ name }) => name)

describe.each(['2.22.5', '3.17.2'] as const)('filters of MLflow stand-in %s', (version) => {
  it.each([
    ["name = 'alpha'", ['alpha']],
    ['name = "o\'brien"', ["o'brien"]],
    ["name LIKE '%a'", ['Beta', 'alpha']],
    ["name LIKE 'b%'", []],
    ["name ILIKE 'b%'", ['Beta']],
    ["name LIKE '100%'", ['100%']],
    ["name LIKE 'alph_'", ['alpha']],
    ["name like 'alpha'", ['alpha']],
    ["attribute.name = 'alpha'", ['alpha']],
    ["name != 'alpha' AND tags.team != 'risk'", ['Beta']],
    ["tag.team = 'risk'", ['alpha']],
    ['tags.`k/1.x y` = "v"', ['alpha']],
    ['tags."k/1.x y" = \'v\'', ['alpha']],
    ["name = 'alpha' AND", ['alpha']],
    ["name = 'alpha' tags.team = 'risk'", ['alpha']],
    ["name = 'it''s'", []],
    ["name = 'x' AND tags.team = 'risk'", []],
    ["name = 'ask'", []],
    ["tags.`mlflow.prompt.is_prompt` = 'true'", ['ask']],
    ["tags.`mlflow.prompt.is_prompt` != 'false'", ['ask']],
    ["tags.`mlflow.prompt.is_prompt` != 'true' AND tags.team LIKE '%'", ['Beta', 'alpha']],
  ])('finds models by %s', (filter, names) =>
    withMlflow({ version, data: DATA }, async ({ get }) => {
      const { status, body } = await get('registered-models/search', { filter })
      expect([status, found(body)]).toEqual([200, names])
    }),
  )

  // What the real servers answered.
  it.each([
    ['name = foo', /^Parameter value is either not quoted or unidentified quote types used for string value foo\. Use/],
    ["name > 'a'", 'Invalid comparator for attribute: >'],
    ["name == 'a'", 'Invalid comparator for attribute: =='],
    ["run_id = 'a'", "Invalid attribute key 'run_id' specified. Valid keys are '{'name'}'"],
    [
      "attributes.name = 'a'",
      /^Invalid entity type 'attributes'\. Valid entity types are \('attribute', 'tag', 'tags'\)$/,
    ],
    ["tags.x > 'a'", 'Invalid comparator for tag: >'],
    ['tags.x = 3', "Expected a quoted string value for tag (e.g. 'my-value'). Got value 3"],
    ["tags.x IN ('a')", "Expected a quoted string value for tag (e.g. 'my-value'). Got value ('a')"],
    ["name IN ('a'", "Invalid clause(s) in filter string: name, IN, (, 'a'"],
    ["name = 'a' OR name = 'b'", 'Invalid clause(s) in filter string: OR'],
    ["(name = 'a')", "Invalid clause(s) in filter string: (name = 'a')"],
    ["NOT name = 'a'", 'Invalid clause(s) in filter string: NOT'],
    ["name = 'a'; name = 'b'", /^Search filter contained multiple expression "name = 'a'; name = 'b'"\. Provide/],
    ['name', 'Invalid clause(s) in filter string: name'],
    ['name =', 'Invalid clause(s) in filter string: name, ='],
    ["'a' = name", "Invalid comparison clause. Expected 'Identifier' found ''a''"],
    ["tags.a-b = 'x'", "Invalid comparison clause. Expected 'Identifier' found 'tags.a-b'"],
  ])('refuses %s', (filter, message) =>
    withMlflow({ version, data: DATA }, async ({ get }) => {
      const { status, body } = await get('registered-models/search', { filter })
      expect([status, body.error_code]).toEqual([400, 'INVALID_PARAMETER_VALUE'])
      expect(body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
    }),
  )
})

describe('lists in filters of MLflow stand-in 3.17.2', () => {
  it.each([
    ["name IN ('alpha', 'Beta')", ['Beta', 'alpha']],
    ["name in ('o\\x27brien')", ["o'brien"]],
    ["name IN ('x\\x27 AND tags\\x2eteam \\u003d \\U00000027risk')", ["x' AND tags.team = 'risk"]],
    ["name IN ('al' 'pha')", ['alpha']],
    ["name IN ('ask')", []],
    ["name NOT IN ('alpha')", ['100%', 'Beta', "o'brien", "x' AND tags.team = 'risk"]],
  ])('finds models by %s', (filter, names) =>
    withMlflow({ version: '3.17.2', data: DATA }, async ({ get }) => {
      expect(found((await get('registered-models/search', { filter })).body)).toEqual(names)
    }),
  )

  it.each([
    ['name IN ()', /expected a non-empty list of string values, but got empty list$/],
    ['name IN (3)', /but got different type in list: \(3,\)$/],
    ["name IN ('\\xZZ')", /but got ill-formed list\.$/],
    ["source_path IN ('a')", "Invalid attribute key 'source_path' specified. Valid keys are '{'name'}'"],
  ])('refuses %s', (filter, message) =>
    withMlflow({ version: '3.17.2', data: DATA }, async ({ get }) => {
      const { status, body } = await get('registered-models/search', { filter })
      expect(status).toBe(400)
      expect(body.message).toEqual(typeof message === 'string' ? message : expect.stringMatching(message))
    }),
  )

  it('break the server, in HTML, on a word without quotes', () =>
    withMlflow({ version: '3.17.2' }, async ({ get }) => {
      const { status, type } = await get('registered-models/search', { filter: 'name IN (a)' })
      expect([status, type]).toEqual([500, 'text/html; charset=utf-8'])
    }))
})

describe('lists in filters of MLflow stand-in 2.22.5', () => {
  it('are for run_id alone, and lose ids with capitals or of digits only', () => {
    const ids = ['abc', 'ABC', '123', 'a1']
    const versions = ids.map((runId) => ({ createdAt: at, source: 's3://a', runId }))
    const data = { models: [{ ...model('alpha'), versions }] }
    return withMlflow({ version: '2.22.5', data }, async ({ get }) => {
      const filter = `run_id IN (${ids.map((id) => `'${id}'`)})`
      const { body } = await get('model-versions/search', { filter })
      expect(body.model_versions.map((of: { run_id: string }) => of.run_id).sort()).toEqual(['a1', 'abc'])
    })
  })
})

describe('a list of run ids', () => {
  const ids = (count: number) =>
    Array.from({ length: count }, (_, index) => `'${index.toString(16).padStart(32, 'a')}'`)

  it.each([
    [4900, 200],
    [5000, 400],
  ])('of %i gives %i', (count, status) =>
    withMlflow({ version: '3.17.2' }, async ({ send }) => {
      const filter = `attributes.run_id IN (${ids(count)})`
      expect((await send('POST', 'runs/search', { experiment_ids: ['0'], filter })).status).toBe(status)
    }),
  )
})

describe('filters of runs', () => {
  const run = (id: string, more: object) => ({ id, experimentId: '0', name: `run ${id}`, startedAt: at, ...more })
  const data: MlflowData = {
    runs: [
      run('a', { metrics: { auc: 0.9, psi: Number.NaN }, params: { 'learning rate': '0.01' } }),
      run('b', {
        metrics: [
          { key: 'auc', value: 0.95, loggedAt: at, step: 0 },
          { key: 'auc', value: 0.5, loggedAt: at, step: 1 },
        ],
        datasets: [
          { name: 'calls', digest: 'd1', sourceType: 's3', source: '{}', tags: { 'mlflow.data.context': 'eval' } },
        ],
      }),
      run('c', { status: 'FAILED', startedAt: at + 1, endedAt: at + 2, tags: { 'mlflow.user': 'risk' } }),
      run('d', { deleted: true, metrics: { auc: 1 } }),
    ],
  }
  it.each([
    ['metrics.auc > 0.6', ['a']],
    ['metric.auc <= 0.5', ['b']],
    ['metrics.psi < 1', []],
    ['metrics.psi != 1', ['a']],
    ['params."learning rate" = \'0.01\'', ['a']],
    ["attributes.status = 'FAILED'", ['c']],
    [`start_time >= ${at + 1}`, ['c']],
    ["tags.`mlflow.user` LIKE 'ri%'", ['c']],
    ["attributes.run_name = 'run b'", ['b']],
    ["run_id NOT IN ('a', 'b')", ['c']],
    ["datasets.name = 'calls'", ['b']],
    ["dataset.context IN ('eval')", ['b']],
  ])('find %s', (filter, ids) =>
    withMlflow({ version: '3.17.2', data }, async ({ send }) => {
      const { body } = await send('POST', 'runs/search', { experiment_ids: ['0'], filter })
      expect((body.runs ?? []).map((of: { info: { run_id: string } }) => of.info.run_id)).toEqual(ids)
    }),
  )

  it.each([
    [
      "foo.x = 'x'",
      "Invalid entity type 'foo'. Valid values are ['metric', 'parameter', 'tag', 'attribute', 'dataset']",
    ],
    ["metrics.x = 'a'", "Expected numeric value type for metric. Found 'a'"],
    ["start_time > 'a'", "Expected numeric value type for numeric attribute: start_time. Found 'a'"],
    ["status IN ('FINISHED')", "Only ['run_id'] attributes support comparison with a list of quoted string values."],
    ['metrics.auc > 0.6 OR metrics.auc < 0.1', "Invalid clause(s) in filter string: 'OR'"],
  ])('refuse %s', (filter, message) =>
    withMlflow({ version: '3.17.2', data }, async ({ send }) => {
      const { status, body } = await send('POST', 'runs/search', { experiment_ids: ['0'], filter })
      expect([status, body.message]).toEqual([400, message])
    }),
  )
})
