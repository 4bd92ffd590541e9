import { describe, expect, it } from 'vitest'
import { climbs, redirected, targetOf } from '#lib/upstream/target.ts'

describe('the address of a request', () => {
  const base = new URL('https://tools.example:8443/mlflow')

  it("is below the source's own, with the path as it was given", () => {
    expect(targetOf(base, { method: 'GET', path: '/models/a%2Fb%252F' })).toEqual({
      origin: 'https://tools.example:8443',
      path: '/mlflow/models/a%2Fb%252F',
    })
    expect(targetOf(new URL('http://tools.example'), { method: 'GET', path: '/v2' }).path).toBe('/v2')
  })

  it('has its parameters encoded, repeats a key for a list and leaves out what is undefined', () => {
    const query = { filter: "name='a&b=ü'", page: 2, tag: ['x', 'y z'], none: undefined, empty: [] }
    expect(targetOf(base, { method: 'GET', path: '/search', query }).path).toBe(
      "/mlflow/search?filter=name%3D'a%26b%3D%C3%BC'&page=2&tag=x&tag=y%20z",
    )
  })

  it.each(['/v2/models/../ready', '/v2/./ready', '/..'])('must not climb: %s', (path) => {
    expect(climbs(path)).toBe(true)
  })

  it.each(['/v2/models/..a/ready', '/v2/models/a.b', '/v2/...'])('may hold dots: %s', (path) => {
    expect(climbs(path)).toBe(false)
  })
})

describe('a redirect', () => {
  const from = { origin: 'http://tools.example', path: '/a/b?c=1' }

  it.each([
    ['/x?y=1', '/x?y=1'],
    ['d', '/a/d'],
    ['http://tools.example:80/x#fragment', '/x'],
  ])('to %s stays at home', (location, path) => {
    expect(redirected(from, location)).toEqual({ origin: from.origin, path })
  })

  it.each([
    'https://tools.example/x',
    'http://tools.example:81/x',
    'http://tools.example.evil.example/x',
    '//evil.example/x',
    'http://user@evil.example',
    'file:///etc/passwd',
    'http://[',
    undefined,
  ])('to %s is not followed', (location) => {
    expect(redirected(from, location)).toBeUndefined()
  })
})
