import { describe, expect, it } from 'vitest'
import type { UpstreamError } from '#lib/upstream/error.ts'
import { createResponse } from '#lib/upstream/response.ts'

const read = (text: string, contentType = 'application/json') => {
  const bad: UpstreamError[] = []
  const answer = { status: 200, contentType, text, header: () => undefined }
  const response = createResponse('tool', answer, (error) => bad.push(error))
  return { json: response.json, bad }
}

describe('an answer', () => {
  it('keeps a key "__proto__" as data: no prototype changes, here or of what it is copied into', () => {
    const value = read('{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}}}').json() as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf({ ...value })).toBe(Object.prototype)
    expect(value).not.toHaveProperty('admin')
    expect({}).not.toHaveProperty('admin')
  })

  it('is JSON whatever its content type says', () => {
    expect(read('{"a":1}', 'text/plain').json()).toEqual({ a: 1 })
  })

  it.each([
    ['<html>secret</html>', 'text/html; charset=utf-8', /^"tool" answers with a web page instead of JSON/],
    ['\n <!doctype html>secret', '', /^"tool" answers with a web page instead of JSON/],
    ['', 'application/json', /^"tool" answers with nothing where JSON was expected/],
    ['{"secret', 'application/json', /^"tool" answers with something that is no JSON/],
  ])('that is no JSON (%j) is told apart, reported, and not repeated', (text, contentType, message) => {
    const { json, bad } = read(text, contentType)
    expect(json).toThrow(message)
    expect(bad).toMatchObject([{ reason: 'BAD_RESPONSE', status: 200 }])
    expect(`${bad[0]?.stack}${bad[0]?.cause}`).not.toContain('secret')
  })
})
