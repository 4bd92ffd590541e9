import { afterEach, describe, expect, it, vi } from 'vitest'
import { key } from '#app/key.ts'
import { greeting } from '#app/start-lines.ts'
import { createKeyring } from '#gateway/keys.ts'
import { load, withSource } from '../config/sample.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What the command prints. */
function printed(...given: Parameters<typeof key>): string {
  const print = vi.spyOn(console, 'log').mockReturnValue()
  key(...given)
  return print.mock.calls.flat().join('\n')
}

describe('modelops key', () => {
  it('prints a key, and a line with which the configuration lets it in', () => {
    const text = printed('ci', { role: ['risk', 'audit'], name: "CI: of 'x', y", expires: '2999-12-31' })
    const [made = ''] = /mo_\S+/.exec(text) ?? []
    const line = text.split('\n').find((one) => one.startsWith('  - ')) ?? ''
    expect(line).not.toContain(made)
    const { keys } = load(withSource(`gateway:\n  keys:\n  ${line}\n`)).gateway
    expect(createKeyring(keys)(made)).toEqual({
      caller: { subject: 'key:ci', name: "CI: of 'x', y", roles: ['risk', 'audit'], scopes: [] },
    })
  })

  it.each([
    ['Bad id', { role: ['reader'] }, 'id: expected an id of lowercase letters'],
    ['ci', { role: [''] }, 'roles: expected text that is not empty'],
    ['ci', { role: ['reader'], expires: 'tomorrow' }, 'expires: expected a day, such as 2027-01-31'],
  ])('makes none for %s %j', (id, options, message) => {
    expect(() => printed(id, options)).toThrow(message)
  })
})

describe('the lines at the start', () => {
  const callers = (gateway: string) => {
    const config = load(withSource(`gateway: ${gateway}`))
    const lines = greeting('http://127.0.0.1:4000', { config, origin: { kind: 'none' }, notices: [] }).split('\n')
    const first = lines.findIndex((line) => line.startsWith('Callers'))
    const last = lines.findIndex((line) => line.startsWith('Reading'))
    return lines.slice(first, last).map((line) => line.slice(11))
  }
  const hash = `sha256:${'0'.repeat(64)}`
  const key = `{ id: ci, hash: "${hash}" }`
  const oidc = '{ issuer: "https://login.example", audience: m }'
  const here = 'this computer, without a key, as admin'
  const token = 'with a token of https://login.example for m, as its claim roles says'

  it.each([
    ['{}', ['this computer only, without a key, as admin']],
    [`{ keys: [${key}] }`, [here, 'with the key ci, as reader']],
    [
      `{ keys: [{ id: ci, hash: "${hash}", expires: 2020-01-01 }] }`,
      [here, 'with the key ci, which has EXPIRED, as reader'],
    ],
    [`{ oidc: ${oidc} }`, [here, token]],
    [`{ host: 0.0.0.0, keys: [${key}], oidc: ${oidc} }`, ['with the key ci, as reader', token]],
  ])('say who may ask with %s', (gateway, expected) => {
    expect(callers(gateway)).toEqual(expected)
  })
})
