import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { linesOf, load, withSource } from './sample.ts'

const stateOf = (text: string) => load(withSource(`state: ${text}`)).state

it('reads an address as short for a map with it', () => {
  const short = stateOf('postgres://m:pw@db.example:5432/modelops')
  expect(short.postgres?.reveal()).toBe('postgres://m:pw@db.example:5432/modelops')
  expect(stateOf('{ postgres: "postgresql://db.example/m" }').postgres?.reveal()).toBe('postgresql://db.example/m')
  expect(JSON.stringify(short)).not.toContain('pw')
  expect(load(withSource('')).state).toEqual({ retention: {} })
})

it('reads files from the folder of the configuration', () => {
  expect(stateOf('{ file: s.db, keyFile: k.pem, retention: { observation: 30 } }')).toEqual({
    file: resolve('s.db'),
    keyFile: resolve('k.pem'),
    retention: { observation: 30 },
  })
})

it('tells what is wrong, and no secret', () => {
  const expected = 'expected an address that starts with postgres:// or postgresql://'
  expect(linesOf(withSource('state: mysql://m:pw@db.example/m'))).toEqual([
    `5:8: state: found something that is not shown, ${expected}, or a map`,
  ])
  expect(linesOf(withSource('state: { postgres: "mysql://m:pw@db.example/m" }'))).toEqual([
    `5:20: state.postgres: found something that is not shown, ${expected}`,
  ])
  expect(linesOf(withSource('state: { retention: { observations: 3 } }'))).toEqual([
    '5:23: state.retention: unknown key "observations", expected one of: observation, gate, notification, attestation, waiver. Did you mean "observation"?',
  ])
  expect(linesOf(withSource('state: { postgres: "postgres://db/m", file: s.db }'))).toEqual([
    '5:8: state: found a map, expected either "postgres" or "file"',
  ])
})
