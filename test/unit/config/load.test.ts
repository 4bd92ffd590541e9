import { describe, expect, it } from 'vitest'
import { kinds } from '#app/kinds.ts'
import { buildConfig, defaultConfig } from '#lib/config/load.ts'
import { errorOf, KINDS, linesOf, load, withSource } from './sample.ts'

describe('loadConfig', () => {
  it('fills in the defaults of a file with one source', () => {
    const { sources, ...rest } = load(withSource(''))
    expect(sources).toEqual([
      { id: 'mlflow-prod', kind: 'mlflow', title: 'mlflow-prod', url: 'http://mlflow.example', formerly: [] },
    ])
    const { sources: none, ...defaults } = defaultConfig()
    expect(none).toEqual([])
    expect(rest).toEqual(defaults)
    expect(rest.production).toEqual({ aliases: ['champion', 'production'], stages: ['Production'] })
    expect(rest.environments).toEqual({ production: ['production', 'prod'] })
    expect(rest.tags.purpose).toEqual(['purpose', 'use_case'])
    expect(rest.http.indexTimeout).toBe(30_000)
    expect(rest.gateway).toMatchObject({ host: '127.0.0.1', port: 4_000, requestDeadlineMilliseconds: 10_000 })
  })

  it('reports every error at once, in the order of lines, whatever else is wrong', () => {
    const text = `sources:
  - id: mlflow-prod
    kind: mlflow
    ulr: http://mlflow.example
  - id: Bad_Id
    kind: mlfow
    url: sqlite:///mlflow.db
    timeouts: { connectTimeout: 0, requestTimeout: soon }
  - id: mlflow-prod
    kind: open-inference
    url: http://triton.example
    registry: mlflow-prd
    url: http://again.example
gateway:
  port: 99999
  limits: { dept: 3 }
`
    expect(errorOf(() => load(text)).message).toBe(`The configuration has 12 errors:
  modelops.yaml:2:5: sources[0].url: missing, expected an address that starts with http:// or https://
  modelops.yaml:4:5: sources[0]: unknown key "ulr", expected one of: id, kind, title, url, formerly, auth, tls, timeouts, webhookSecret. Did you mean "url"?
  modelops.yaml:5:9: sources[1].id: found "Bad_Id", expected an id of lowercase letters, digits and dashes that starts with a letter
  modelops.yaml:6:11: sources[1].kind: found "mlfow", expected one of: ${KINDS}. Did you mean "mlflow"?
  modelops.yaml:7:10: sources[1].url: found "sqlite:///mlflow.db", expected an address that starts with http:// or https://. A folder or database of MLflow is no server: start "mlflow server --backend-store-uri …" and give its http address
  modelops.yaml:8:33: sources[1].timeouts.connectTimeout: found 0, expected a number of at least 1
  modelops.yaml:8:52: sources[1].timeouts.requestTimeout: found "soon", expected a number
  modelops.yaml:9:9: sources[2].id: found "mlflow-prod", which is also at sources[0].id on line 2, expected an id that no other source has or had
  modelops.yaml:12:15: sources[2].registry: found "mlflow-prd", expected the id of a registry: mlflow-prod, Bad_Id. Did you mean "mlflow-prod"?
  modelops.yaml:13:5: sources[2].url: found this key again (first on line 11), expected it once
  modelops.yaml:15:9: gateway.port: found 99999, expected at most 65535
  modelops.yaml:16:13: gateway.limits: unknown key "dept", expected one of: bodyBytes, tokens, depth, aliases, rootFields, pageSize. Did you mean "depth"?`)
  })

  const mistakes: [what: string, text: string, lines: string[]][] = [
    ['an empty file', '', ['the file is empty, expected at least "sources:" with one source']],
    ['a file of comments', '# sources\n', ['the file is empty, expected at least "sources:" with one source']],
    ['a list as the whole', '- id: a', ['found a list, expected a map that holds "sources:"']],
    ['a word as the whole', 'mlflow', ['found a single value, expected a map that holds "sources:"']],
    ['no sources', 'http: {}', ['1:1: sources: missing, expected a list']],
    ['nothing after a key', 'sources:', ['1:9: sources: found nothing, expected a list']],
    ['an empty list of sources', 'sources: []', ['1:10: sources: found an empty list, expected a list of at least 1']],
    ['a source that is no map', 'sources: [3]', ['1:11: sources[0]: found 3, expected a map']],
    [
      'a source without a kind',
      'sources: [{ id: a, url: http://a.example }]',
      [`1:11: sources[0].kind: missing, expected one of: ${KINDS}`],
    ],
    [
      'an option of another kind',
      withSource('', '    convention: name-and-version\n'),
      [
        '5:5: sources[0]: unknown key "convention", expected one of: id, kind, title, url, formerly, auth, tls, timeouts, webhookSecret',
      ],
    ],
    [
      'a number in quotes',
      withSource('gateway: { port: "4000" }'),
      ['5:18: gateway.port: found "4000", expected a number'],
    ],
    ['a fraction', withSource('gateway: { port: 1.5 }'), ['5:18: gateway.port: found 1.5, expected a whole number']],
    [
      'a key that JavaScript objects inherit',
      withSource('__proto__: { a: 1 }'),
      [
        '5:1: unknown key "__proto__", expected one of: sources, production, environments, tags, links, code, datasets, applications, people, subgraphs, health, delivery, notifications, governance, state, http, index, cache, gateway, telemetry, access',
      ],
    ],
    [
      'two ways of authentication',
      withSource('', '    auth: { bearer: a, basic: { username: b, password: c } }\n'),
      ['5:11: sources[0].auth: found a map, expected exactly one of: basic, bearer, header'],
    ],
    [
      'an authority for certificates that are not verified',
      withSource('', '    tls: { insecure: true, caFile: ca.pem }\n'),
      [
        '5:10: sources[0].tls: found a map, expected either "caFile" or "insecure: true", since a certificate that is not verified needs no authority',
      ],
    ],
    [
      'a former id that another source has',
      withSource('', '  - { id: b, kind: mlflow, url: http://b.example, formerly: [mlflow-prod] }\n'),
      [
        '5:62: sources[1].formerly[0]: found "mlflow-prod", which is also at sources[0].id on line 2, expected an id that no other source has or had',
      ],
    ],
    [
      'a link from a registry, to a source that is not there',
      withSource('links: [{ served: { source: mlflow-prod, model: a }, is: { registry: nowhere, model: a } }]'),
      [
        '5:29: links[0].served.source: found "mlflow-prod", a source of another kind, expected the id of a server',
        '5:70: links[0].is.registry: found "nowhere", expected the id of a registry: mlflow-prod',
      ],
    ],
    [
      'one login of two people',
      withSource(`people:
  - { id: a, name: A, kind: team, logins: { git: [x] } }
  - { id: b, name: B, kind: taem, logins: { git: [x], identity-provider: [y] } }`),
      [
        '7:29: people[1].kind: found "taem", expected one of: person, team. Did you mean "team"?',
        '7:51: people[1].logins.git[0]: found "x", which is also at people[0].logins.git[0] on line 6, expected a login of one person or team',
        '7:55: people[1].logins: unknown key "identity-provider", expected one of: identityProvider, mlflow, git, forge. Did you mean "identityProvider"?',
      ],
    ],
  ]
  it.each(mistakes)('tells %s', (_, text, lines) => {
    expect(linesOf(text)).toEqual(lines)
  })

  it('tells two links for one served model', () => {
    const link = '{ served: { source: s, model: a }, is: { registry: mlflow-prod, model: a } }'
    const text = withSource(
      `links:\n  - ${link}\n  - ${link}`,
      '  - { id: s, kind: open-inference, url: http://s.example }\n',
    )
    expect(linesOf(text)).toEqual([
      '8:15: links[1].served: found a map, which is also at links[0].served on line 7, expected one link for one served model',
    ])
  })

  it('reads plain text as the option expects it, not as YAML guesses', () => {
    const text = `sources:
  - { id: s, kind: mlflow-scoring, url: http://s.example, serves: { model: 5, version: 1.10 }, auth: { bearer: 0123 } }`
    const [source] = load(text).sources
    expect(source).toMatchObject({ serves: { model: '5', version: '1.10' } })
    expect(source?.auth && 'bearer' in source.auth && source.auth.bearer.reveal()).toBe('0123')
  })

  it('reads paths of files from the folder of the configuration', () => {
    const [source] = load(withSource('', '    tls: { caFile: ca.pem }\n')).sources
    expect(source?.tls?.caFile).toBe(`${process.cwd()}/ca.pem`)
  })

  it('follows aliases', () => {
    const text = withSource(
      '',
      '    timeouts: &slow { requestTimeout: 9 }\n  - { id: b, kind: mlflow, url: http://b.example, timeouts: *slow }\n',
    )
    expect(load(text).sources.map((source) => source.timeouts)).toEqual([{ requestTimeout: 9 }, { requestTimeout: 9 }])
  })
})

describe('buildConfig', () => {
  it('validates what is made by code as it validates a file, without lines', () => {
    expect(errorOf(() => buildConfig({ sources: [{ id: 'a', kind: 'mlflow', url: 'x' }] }, kinds)).problems).toEqual([
      {
        path: 'sources[0].url',
        message: expect.stringMatching(/^found something that is not shown, expected an address/),
      },
    ])
  })
})
