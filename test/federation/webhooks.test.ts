import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startGitea } from '#demo/gitea/index.ts'
import type { StandIn } from '#demo/stand-in.ts'
import { type Graph, startGraph } from './graph.ts'

const SECRET = 's3cret-of-the-forge'
const SHA = 'a'.repeat(40)
const status = (state: 'success' | 'failure', at: number) => ({ sha: SHA, context: 'tests', state, at })

/** What the forge says of its one commit; the tests change it. */
const statuses = [status('success', 1_000)]
let gitea: StandIn
let graph: Graph

beforeAll(async () => {
  const commit = { sha: SHA, message: 'm', author: { login: 'maker' }, at: 1 }
  gitea = await startGitea({ data: { repositories: [{ path: 'acme/churn', commits: [commit], statuses }] } })
  const forge = { kind: 'gitea', url: gitea.url, hosts: ['tea.example'], webhookSecret: SECRET }
  graph = await startGraph({ sources: [{ id: 'tea', ...forge }] })
}, 30_000)
afterAll(async () => {
  await graph.close()
  await gitea.close()
})

const checkStatus = async () => {
  const { commit } = await graph.data<{ commit: { checkStatus: string } }>(
    `{ commit(repositoryUrl: "https://tea.example/acme/churn", sha: "${SHA}") { checkStatus } }`,
  )
  return commit.checkStatus
}

async function tell(body: string, { source = 'tea', secret = SECRET, tool = 'gitea' } = {}): Promise<number> {
  const signature = createHmac('sha256', secret).update(body).digest('hex')
  const response = await fetch(`${graph.url}/webhooks/${tool}?source=${source}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-gitea-signature': signature },
    body,
  })
  return response.status
}

const told = (n: number) => JSON.stringify({ repository: { full_name: 'acme/churn' }, sha: SHA, n })

it("a forge's message reaches the part that reads it, wherever that runs, and what it names is read anew", async () => {
  expect(await checkStatus()).toBe('SUCCESS')
  statuses.push(status('failure', 2_000))
  // Fresh: nobody knows of it yet.
  expect(await checkStatus()).toBe('SUCCESS')
  expect(await tell(told(1))).toBe(204)
  await expect.poll(checkStatus, { timeout: 5_000 }).toBe('FAILURE')
})

it('one that is signed with another secret, of another source or sent again is refused, and nothing is read for it', async () => {
  const asked = await checkStatus()
  statuses.push(status(asked === 'FAILURE' ? 'success' : 'failure', 3_000))
  expect(await tell(told(2), { secret: 'another' })).toBe(401)
  expect(await tell(told(2), { source: 'nobody' })).toBe(404)
  expect(await tell(told(2), { tool: 'github' })).toBe(404)
  expect(await checkStatus()).toBe(asked)
  expect(await tell(told(2))).toBe(204)
  expect(await tell(told(2))).toBe(409)
})
