import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { gateway } from './graph.ts'

const webRoot = mkdtempSync(join(tmpdir(), 'explorer-'))
mkdirSync(join(webRoot, 'assets'))
writeFileSync(join(webRoot, 'index.html'), '<h1>explorer</h1>')
writeFileSync(join(webRoot, 'assets', 'index-abc123.js'), '1')
afterAll(() => rmSync(webRoot, { recursive: true }))

const { app } = await gateway({ webRoot })

describe('the page to explore the graph', () => {
  it('is where / leads to', async () => {
    const { statusCode, headers } = await app.inject('/')
    expect([statusCode, headers.location]).toEqual([302, '/graphiql'])
  })

  it.each(['/graphiql', '/graphiql/'])('is served at %s, asked for again each time', async (url) => {
    const { statusCode, body, headers } = await app.inject(url)
    expect([statusCode, body]).toEqual([200, '<h1>explorer</h1>'])
    expect(headers['content-type']).toMatch(/^text\/html/)
    expect(headers['cache-control']).toBe('no-cache')
  })

  it('keeps the files that have their content in their name', async () => {
    const { statusCode, headers } = await app.inject('/graphiql/assets/index-abc123.js')
    expect(statusCode).toBe(200)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  it('serves nothing else', async () => {
    for (const url of ['/graphiql/../graph.ts', '/graphiql/%2e%2e/%2e%2e/etc/passwd', '/graphiql/assets/nothing.js']) {
      expect((await app.inject(url)).statusCode).toBeGreaterThanOrEqual(400)
    }
    expect((await app.inject('/graphiql/assets/nothing.js')).json().errors[0].extensions.code).toBe('NOT_FOUND')
  })

  it('may use nothing of another site and be shown in none', async () => {
    const { headers } = await app.inject('/graphiql')
    expect(headers['content-security-policy']).toBe(
      "default-src 'self';style-src 'self' 'unsafe-inline';font-src 'self' data:;worker-src 'self' blob:;" +
        "img-src 'self' data:;frame-ancestors 'none';base-uri 'none';form-action 'none'",
    )
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  it('tells how to build it where it is not', async () => {
    for (const missing of [{}, { webRoot: '/nowhere' }]) {
      const unbuilt = await gateway(missing)
      const { statusCode, body } = await unbuilt.app.inject('/graphiql')
      expect([statusCode, body]).toEqual([503, expect.stringContaining('npm run prepare')])
    }
  })
})
