import { describe, expect, it } from 'vitest'
import { linesOf, load, withSource } from '../config/sample.ts'

const hash = `sha256:${'0'.repeat(64)}`
const oidc = 'issuer: "https://login.example", audience: modelops'
const issuerMessage = 'expected an https address without credentials, "?" and "#" (http only on this computer)'

describe('gateway.keys and gateway.oidc', () => {
  it('have defaults for everything that needs no thought', () => {
    const { keys, oidc: issuer } = load(
      withSource(`gateway: { keys: [{ id: ci, hash: "${hash}" }], oidc: { ${oidc} } }`),
    ).gateway
    expect(keys).toEqual([{ id: 'ci', hash, roles: ['reader'] }])
    expect(issuer).toEqual({
      ...{ issuer: 'https://login.example', audience: 'modelops', algorithms: ['RS256', 'ES256', 'EdDSA', 'PS256'] },
      ...{ rolesClaim: 'roles', nameClaim: 'name', clockToleranceSeconds: 30 },
    })
  })

  it('keep the slash at the end of an issuer, which is part of its name', () => {
    const { gateway } = load(withSource('gateway: { oidc: { issuer: "https://login.example/", audience: a } }'))
    expect(gateway.oidc?.issuer).toBe('https://login.example/')
  })

  it.each(['http://localhost:8080/realms/a', 'http://127.0.0.1:8080', 'http://[::1]:8080'])(
    'take an issuer without TLS at this computer: %s',
    (issuer) => expect(linesOf(withSource(`gateway: { oidc: { issuer: "${issuer}", audience: a } }`))).toEqual([]),
  )

  it.each<[what: string, gateway: string, lines: string[]]>([
    [
      'a key where its hash belongs, which is not repeated',
      `{ keys: [{ id: ci, hash: mo_ci_0000 }] }`,
      [
        '5:35: gateway.keys[0].hash: found something that is not shown, expected sha256: and 64 hexadecimal digits, as `modelops key` prints it',
      ],
    ],
    [
      'one id for two keys',
      `{ keys: [{ id: ci, hash: "${hash}" }, { id: ci, hash: "${hash}" }] }`,
      [
        '5:118: gateway.keys[1].id: found "ci", which is also at gateway.keys[0].id on line 5, expected an id that no other key has',
      ],
    ],
    [
      'a day that is none',
      `{ keys: [{ id: ci, hash: "${hash}", expires: 2027-02-30 }] }`,
      ['5:119: gateway.keys[0].expires: found "2027-02-30", expected a day, such as 2027-01-31'],
    ],
    [
      'an issuer that anybody on the way can speak for',
      '{ oidc: { issuer: "http://login.example", audience: a } }',
      [`5:28: gateway.oidc.issuer: found "http://login.example", ${issuerMessage}`],
    ],
    [
      'a query in the name of an issuer',
      '{ oidc: { issuer: "https://login.example?a=b", audience: a } }',
      [`5:28: gateway.oidc.issuer: found "https://login.example?…", ${issuerMessage}`],
    ],
    [
      'a signature that everybody who checks it can make',
      `{ oidc: { ${oidc}, algorithms: [HS256] } }`,
      [
        '5:86: gateway.oidc.algorithms[0]: found "HS256", expected one of: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA. Did you mean "RS256"?',
      ],
    ],
    [
      'no signature',
      `{ oidc: { ${oidc}, algorithms: [none] } }`,
      [
        '5:86: gateway.oidc.algorithms[0]: found "none", expected one of: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA',
      ],
    ],
    [
      'no audience',
      '{ oidc: { issuer: "https://login.example" } }',
      ['5:18: gateway.oidc.audience: missing, expected text'],
    ],
  ])('tell %s', (_, gateway, lines) => {
    expect(linesOf(withSource(`gateway: ${gateway}`))).toEqual(lines)
  })
})
