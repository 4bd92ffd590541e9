import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeKey } from '#gateway/keys.ts'
import { parseDot } from '../unit/gateway/dot-parser.ts'
import { startCompanyGraph } from './company-graph.ts'
import type { Graph } from './graph.ts'

const VERSION = 'ModelVersion:mlflow:card-fraud:5'
const RUN = 'TrainingRun:mlflow:'

describe('lineage over HTTP', () => {
  let graph: Graph
  const key = makeKey('reports')
  const narrow = makeKey('narrow')
  beforeAll(async () => {
    graph = await startCompanyGraph(() => ({
      gateway: {
        keys: [
          { id: 'reports', hash: key.hash, roles: ['admin'] },
          { id: 'narrow', hash: narrow.hash, roles: ['narrow'] },
        ],
        limits: { depth: 6 },
      },
      access: [{ roles: ['narrow'], see: { sources: ['triton'] } }],
    }))
  })
  afterAll(() => graph.close())
  const get = (end: string, parameters: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    fetch(`${graph.url}/lineage.${end}?${new URLSearchParams(parameters)}`, { headers })

  it('is DOT, Mermaid and OpenLineage of what the graph answers', async () => {
    const asked = { of: VERSION, direction: 'UPSTREAM', depth: '2' }
    const { lineage } = await graph.data<{
      lineage: { nodes: { id: string; incomplete: object[] }[]; edges: object[]; incomplete: object[] }
    }>(
      `{ lineage(of: "${VERSION}", direction: UPSTREAM, depth: 2) { nodes { id incomplete { reason } } edges { from } incomplete { reason } } }`,
    )
    const holes = lineage.incomplete.length + lineage.nodes.flatMap(({ incomplete }) => incomplete).length
    expect(lineage.nodes.length).toBeGreaterThan(2)

    const dot = await get('dot', asked)
    expect([dot.status, dot.headers.get('content-type')]).toEqual([200, 'text/vnd.graphviz; charset=utf-8'])
    expect(dot.headers.get('x-incomplete')).toBe(String(holes))
    expect(dot.headers.get('cache-control')).toBe('private, no-store')
    const statements = parseDot(await dot.text())
    expect(
      statements
        .filter(({ name, to }) => to === undefined && name.startsWith('n'))
        .map(({ attributes }) => attributes.tooltip),
    ).toEqual(lineage.nodes.map(({ id }) => id))
    expect(statements.filter(({ to }) => to?.startsWith('n')).length).toBe(lineage.edges.length)

    const mermaid = await get('mmd', asked)
    expect(mermaid.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    const text = await mermaid.text()
    expect(text).toMatch(/^flowchart LR\n/)
    expect(text).toContain(`card-fraud 5<br/>ModelVersion`)

    const json = await get('json', asked)
    const events = (await json.json()) as { job?: { namespace: string } }[]
    expect(events.filter(({ job }) => job?.namespace === 'modelops://TrainingRun')).toHaveLength(1)
    expect(json.headers.get('x-incomplete')).toBe(String(holes))
  })

  it('says in the document and in a header what is missing', async () => {
    // edge-cluster is down, so where it is served is not all known.
    const answer = await get('dot', { of: VERSION, direction: 'DOWNSTREAM' })
    expect(Number(answer.headers.get('x-incomplete'))).toBeGreaterThan(0)
    const notes = parseDot(await answer.text()).filter(({ name }) => name.startsWith('i'))
    expect(notes.map(({ attributes }) => attributes.label).join()).toContain('DOWN (edge-cluster)')
  })

  it.each([
    [{}, 400, 'Which thing?'],
    [{ of: VERSION, direction: 'SIDEWAYS' }, 400, 'direction: expected UPSTREAM, DOWNSTREAM or BOTH'],
    [{ of: VERSION, depth: 'deep' }, 400, 'depth: expected a whole number'],
    [{ of: VERSION, depth: '11' }, 400, 'depth: 11 is not possible: ask for 1 to 10'],
    [{ of: VERSION, colour: 'red' }, 400, 'There is no parameter of that name'],
    [{ of: 'nonsense' }, 404, 'There is nothing of this id'],
  ] as [Record<string, string>, number, string][])('refuses %o with %i in words', async (parameters, status, words) => {
    const answer = await get('mmd', parameters)
    expect(answer.status).toBe(status)
    const { errors } = (await answer.json()) as { errors: { message: string }[] }
    expect(errors[0]?.message).toContain(words)
  })

  it('takes a parameter once', async () => {
    const answer = await fetch(`${graph.url}/lineage.dot?of=${encodeURIComponent(VERSION)}&of=x`)
    expect(answer.status).toBe(400)
  })

  it('is for those whom the graph answers, and shows them no more than the graph does', async () => {
    const wrong = await get('json', { of: VERSION }, { authorization: 'Bearer mo_wrong' })
    expect(wrong.status).toBe(401)
    const seen = await (await get('dot', { of: VERSION, depth: '2' }, { authorization: `Bearer ${key.key}` })).text()
    expect(seen).toContain(RUN)
    const hidden = await (
      await get('dot', { of: VERSION, depth: '2' }, { authorization: `Bearer ${narrow.key}` })
    ).text()
    expect(hidden).not.toContain(RUN)
  })

  it('is held to the limits of a query', async () => {
    const shallow = await startCompanyGraph(() => ({ gateway: { limits: { depth: 1 } } }))
    try {
      const answer = await fetch(`${shallow.url}/lineage.dot?of=${encodeURIComponent(VERSION)}`)
      expect(answer.status).toBe(400)
      expect(await answer.text()).toContain('limits.depth')
    } finally {
      await shallow.close()
    }
  })
})
