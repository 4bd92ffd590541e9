import { describe, expect, it } from 'vitest'
import { nearest } from '#lib/config/nearest.ts'

describe('nearest', () => {
  it.each([
    ['ulr', ['kind', 'url', 'tls'], 'url'],
    ['mlflow-prd', ['mlflow-dev', 'mlflow-prod'], 'mlflow-prod'],
    ['Open_Inference', ['mlflow', 'open-inference'], 'open-inference'],
    ['identity-provider', ['identityProvider', 'mlflow'], 'identityProvider'],
    ['kserve', ['mlflow', 'open-inference'], undefined],
    ['x', ['y'], undefined],
    ['', ['id'], undefined],
    ['anything', [], undefined],
  ])('of %s among %j is %s', (word, known, expected) => {
    expect(nearest(word, known)).toBe(expected)
  })
})
