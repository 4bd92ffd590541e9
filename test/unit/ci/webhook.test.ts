import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGithub } from '#demo/github/index.ts'
import { buildConfig } from '#lib/config/load.ts'
import { Secret } from '#lib/config/secret.ts'
import type { Delivery } from '#lib/webhook.ts'
import { createForge, keyOf } from '#services/ci/forge.ts'
import { createVerifier } from '#services/ci/webhook.ts'
import { connectCi } from '../../contract/ci-suite.ts'

const SECRET = new Secret('s3cret-for-tests')
const GITEA = { tool: 'Gitea', header: 'x-gitea-signature', prefix: '' } as const
const GITHUB = { tool: 'GitHub', header: 'x-hub-signature-256', prefix: 'sha256=' } as const
const FIXTURES = join(import.meta.dirname, '../../../services/ci/gitea/fixtures/gitea-1.26.0')

/** What a real Gitea 1.26.0 sent; its bytes were not kept, so that it is signed anew. */
const recorded = (name: string): string => {
  const { request } = JSON.parse(readFileSync(join(FIXTURES, `40-webhook-${name}.json`), 'utf8'))
  return JSON.stringify(request.body)
}

function delivery(body: string, headers: Record<string, string>): Delivery {
  return { tool: 'x', source: 's', header: (name) => headers[name], body: Buffer.from(body) }
}

const digits = (body: string, secret = SECRET) => createHmac('sha256', secret.reveal()).update(body).digest('hex')
const ofGitea = (body: string) => delivery(body, { 'x-gitea-signature': digits(body) })
const ofGithub = (body: string) => delivery(body, { 'x-hub-signature-256': `sha256=${digits(body)}` })
const sha = (digit: string) => digit.repeat(40)
const repository = { full_name: 'Acme/Churn' }

describe("a forge's webhooks", () => {
  it.each([
    ['status-success', { shas: ['58ad751ebb31702ccf841ab5aa86840972a133a9'], runs: [], pulls: [] }],
    ['workflow_run-completed', { shas: [expect.stringMatching(/^[0-9a-f]{40}$/)], runs: ['6'], pulls: [] }],
  ])('as Gitea 1.26.0 sends them name what changed: %s', (name, change) => {
    expect(createVerifier(SECRET, GITEA)(ofGitea(recorded(name)))).toEqual({
      ...{ status: 204, message: '', change: { repository: 'acme/churn', ...change } },
    })
  })

  it.each([
    ['a push', { after: sha('a'), commits: [{ id: sha('b') }, { id: sha('A') }] }, [sha('a'), sha('b')], [], []],
    ['a check', { check_run: { head_sha: sha('a') } }, [sha('a')], [], []],
    ['a job', { workflow_job: { run_id: 7, head_sha: sha('a') } }, [sha('a')], ['7'], []],
    [
      'a review',
      { pull_request: { number: 3, head: { sha: sha('a') }, merge_commit_sha: sha('b') } },
      [sha('a'), sha('b')],
      [],
      [3],
    ],
    ['an alert', { commit_oid: sha('c') }, [sha('c')], [], []],
  ])('as GitHub sends them name what changed: %s', (_, body, shas, runs, pulls) => {
    const text = JSON.stringify({ repository, ...body })
    expect(createVerifier(SECRET, GITHUB)(ofGithub(text)).change).toEqual({
      ...{ repository: 'acme/churn', shas, runs, pulls },
    })
  })

  it('name nothing where they are about no repository', () => {
    expect(createVerifier(SECRET, GITHUB)(ofGithub('{"zen":"Keep it simple."}'))).toEqual({ status: 204, message: '' })
  })

  const body = JSON.stringify({ repository, sha: sha('a') })
  it.each([
    ['not signed', {}, /is not signed/],
    ['signed with another secret', { 'x-hub-signature-256': `sha256=${digits(body, new Secret('other'))}` }, /wrong/],
    ['signed for another body', { 'x-hub-signature-256': `sha256=${digits(`${body} `)}` }, /wrong/],
    ['signed without saying how', { 'x-hub-signature-256': digits(body) }, /wrong/],
    ['signed with the weaker hash alone', { 'x-hub-signature': `sha1=${'0'.repeat(40)}` }, /is not signed/],
    ['signed with half of it', { 'x-hub-signature-256': `sha256=${digits(body).slice(0, 32)}` }, /wrong/],
  ])('are refused when they are %s', (_, headers, words) => {
    const { status, message, change } = createVerifier(
      SECRET,
      GITHUB,
    )(delivery(body, headers as Record<string, string>))
    expect([status, message, change]).toEqual([401, expect.stringMatching(words), undefined])
    expect(message).not.toContain('s3cret')
  })

  it('are taken once, whatever id they come with', () => {
    const verify = createVerifier(SECRET, GITHUB)
    const again = (id: string) =>
      delivery(body, { 'x-hub-signature-256': `sha256=${digits(body)}`, 'x-github-delivery': id })
    expect([verify(again('1')).status, verify(again('2')).status]).toEqual([204, 409])
  })

  it('are refused as a form, with what to choose', () => {
    const form = 'payload=%7B%7D'
    expect(createVerifier(SECRET, GITHUB)(ofGithub(form))).toMatchObject({
      ...{ status: 400, message: expect.stringContaining('application/json') },
    })
  })

  it('are taken where there is a secret, and nowhere else', async () => {
    for (const kind of ['github', 'gitea']) {
      const url = 'http://127.0.0.1:9'
      const [open, closed] = [connectCi({ kind, url, webhookSecret: 's3cret-for-tests' }), connectCi({ kind, url })]
      expect(open.port.received?.(kind === 'gitea' ? ofGitea(body) : ofGithub(body)).status).toBe(204)
      expect(closed.port.received).toBeUndefined()
      await Promise.all([open, closed].map(({ upstream }) => upstream.close()))
    }
  })

  it('make what they name be read anew, and nothing else', async () => {
    const statuses = [{ sha: sha('a'), context: 'test', state: 'pending' }]
    const commits = ['a', 'b'].map((digit) => ({ sha: sha(digit), message: digit, author: { login: 'x' }, at: 1 }))
    const server = await startGithub({ data: { repositories: [{ path: 'acme/churn', commits, statuses }] } })
    const connected = connectCi({ kind: 'github', url: server.url, webhookSecret: 's3cret-for-tests' })
    const config = buildConfig({ sources: [{ id: 's', kind: 'x', url: server.url }] }, { x: z.object({}) })
    const forge = createForge(connected, config, pino({ level: 'silent' }))
    const keys = ['a', 'b'].map((digit) => keyOf('acme/churn', sha(digit), 'checks'))
    const read = async () => {
      const found = await forge.held.parts.readMany(keys, { signal: AbortSignal.timeout(5_000), maxAgeSeconds: 60 })
      return found.map(({ value }) => value && 'status' in value && value.status)
    }
    try {
      expect(await read()).toEqual(['RUNNING', null])
      statuses[0] = { sha: sha('a'), context: 'test', state: 'success' }
      const asked = server.calls.length
      expect(await read()).toEqual(['RUNNING', null])
      expect(server.calls.length).toBe(asked)
      expect(forge.receive(ofGithub(body))).toEqual({ status: 204, message: '', change: expect.anything() })
      expect(forge.receive(delivery(`${body} `, {}))?.status).toBe(401)
      // What is held is shown once more, while it is read in the background.
      await expect.poll(read).toEqual(['SUCCESS', null])
      expect(server.calls.slice(asked).filter(({ path }) => path.endsWith('graphql'))).toHaveLength(1)
    } finally {
      await forge.close()
      await server.close()
    }
  })
})
