import { describe, expect, it } from 'vitest'
import { isLoopbackHost } from '#lib/loopback.ts'

describe('a Host header', () => {
  it.each(['', ':4000', 'localhost:', 'localhost:4000:1', '::1', '[::1', '127.0.0.1/', ' localhost', 'user@127.0.0.1'])(
    '"%s" does not name this computer',
    (host) => expect(isLoopbackHost(host)).toBe(false),
  )
})
