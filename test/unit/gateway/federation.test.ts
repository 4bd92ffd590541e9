import { describe, expect, it } from 'vitest'
import { ask, gateway, subgraphs } from './graph.ts'

describe('a query over several parts of the graph', () => {
  it('is answered as one', async () => {
    const { status, data, errors } = await ask(await gateway(), '{ models { name endpoints { name } } }')
    expect(errors).toBeUndefined()
    expect(status).toBe(200)
    expect(data).toEqual({
      models: [
        { name: 'churn', endpoints: [{ name: 'm1-live' }] },
        { name: 'fraud', endpoints: [{ name: 'm2-live' }] },
      ],
    })
  })

  it('is answered but for a part that does not run, which an error names', async () => {
    const server = await gateway({ subgraphs: subgraphs().filter(({ name }) => name === 'models') })
    const { status, data, errors } = await ask(
      server,
      '{ models { name live: endpoints { name } traffic } endpoints { name } answer }',
    )
    expect(status).toBe(200)
    expect(data).toEqual({
      models: [
        { name: 'churn', live: null, traffic: null },
        { name: 'fraud', live: null, traffic: null },
      ],
      endpoints: null,
      answer: 42,
    })
    const why = 'The part of the graph called "serving" did not answer: it does not run in this gateway.'
    const extensions = { code: 'SUBGRAPH_UNAVAILABLE', requestId: expect.any(String) }
    expect(errors).toHaveLength(2)
    expect(errors).toContainEqual({ message: why, path: ['endpoints'], extensions })
    const missing = ['models.live', 'models.traffic']
    expect(errors).toContainEqual({
      message: `${why} Null because of it: ${missing.join(', ')}.`,
      extensions: { ...extensions, missing },
    })
    expect(server.lines).toContainEqual(expect.objectContaining({ level: 40, subgraph: 'serving' }))
  })

  it('is answered but for a part that fails as a whole, which an error names', async () => {
    const [models, serving] = subgraphs()
    if (!models || !serving) throw new Error('there are two')
    const broken = { ...serving, schema: {} as typeof serving.schema }
    const server = await gateway({ subgraphs: [models, broken] })
    const { data, errors } = await ask(server, '{ endpoints { name } answer }')
    expect(data).toEqual({ endpoints: null, answer: 42 })
    expect(errors).toMatchObject([
      {
        message: 'The part of the graph called "serving" did not answer: it failed inside the gateway.',
        path: ['endpoints'],
        extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
      },
    ])
    expect(server.lines).toContainEqual(expect.objectContaining({ level: 50, subgraph: 'serving' }))
  })

  it('may call its fields __proto__ and constructor', async () => {
    const query = '{ __proto__: models { __proto__: name constructor: endpoints { __proto__: name } } }'
    const { data, errors } = await ask(await gateway(), query)
    expect(errors).toBeUndefined()
    expect(JSON.stringify(data)).toBe(
      '{"__proto__":[{"__proto__":"churn","constructor":[{"__proto__":"m1-live"}]},' +
        '{"__proto__":"fraud","constructor":[{"__proto__":"m2-live"}]}]}',
    )
    expect(({} as Record<string, unknown>).name).toBeUndefined()
  })

  it('changes one thing after another', async () => {
    const query =
      'mutation { a: rename(id: "m1", name: "x") { name } b: rename(id: "m2", name: "y") { name endpoints { name } } }'
    const { data } = await ask(await gateway(), query)
    expect(data).toEqual({ a: { name: 'x' }, b: { name: 'y', endpoints: [{ name: 'm2-live' }] } })
  })
})
