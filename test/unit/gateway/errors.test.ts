import { GraphQLError } from 'graphql'
import { describe, expect, it } from 'vitest'
import { UpstreamError } from '#lib/upstream/error.ts'
import { ask, gateway, subgraphs } from './graph.ts'

const failing = (error: () => Error) =>
  gateway({
    subgraphs: subgraphs({
      models: {
        Query: {
          answer: () => {
            throw error()
          },
        },
      },
    }),
  })

describe('errors', () => {
  it('thrown on purpose keep message, path and code, and of the rest what clients may see', async () => {
    const extensions = {
      code: 'NOT_ALLOWED',
      source: 'mlflow',
      reason: 'FORBIDDEN',
      retryAfterSeconds: 3,
      url: 'http://inside',
    }
    const server = await failing(() => new GraphQLError('The tool says no.', { extensions }))
    const { status, headers, data, errors } = await ask(server, '{ answer models { name } }')
    expect(status).toBe(200)
    expect(data).toEqual({ answer: null, models: [{ name: 'churn' }, { name: 'fraud' }] })
    const { url, ...shown } = extensions
    expect(errors).toEqual([
      { message: 'The tool says no.', path: ['answer'], extensions: { ...shown, requestId: headers['x-request-id'] } },
    ])
  })

  it('of a source say which one and why', async () => {
    const failure = { source: 'mlflow', reason: 'RATE_LIMITED', message: 'Too many.', retryAfterSeconds: 9 } as const
    const { errors } = await ask(await failing(() => new UpstreamError(failure)), '{ answer }')
    expect(errors?.[0]).toMatchObject({
      message: 'Too many.',
      extensions: { code: 'UPSTREAM_RATE_LIMITED', source: 'mlflow', reason: 'RATE_LIMITED', retryAfterSeconds: 9 },
    })
  })

  it('that nobody meant are told by the id under which the log has them', async () => {
    const server = await failing(() => new Error('connect postgres://user:secret@db'))
    const { headers, errors } = await ask(server, '{ answer }', { headers: { 'x-request-id': 'req-1' } })
    expect(headers['x-request-id']).toBe('req-1')
    expect(errors).toEqual([
      {
        message: 'Something went wrong inside the gateway (request req-1). Its log tells what, under that id.',
        path: ['answer'],
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'req-1' },
      },
    ])
    const logged = server.lines.find(({ level }) => level === 50)
    expect(logged).toMatchObject({ requestId: 'req-1', err: { message: 'connect postgres://user:secret@db' } })
  })

  it('tell mistakes in a query, with their places', async () => {
    const { status, errors } = await ask(await gateway(), '{ modles { name } }')
    expect(status).toBe(400)
    expect(errors).toEqual([
      {
        message: expect.stringContaining('Did you mean "models"'),
        locations: [{ line: 1, column: 3 }],
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED', requestId: expect.any(String) },
      },
    ])
  })

  it('tell mistakes in variables', async () => {
    const { status, errors } = await ask(await gateway(), 'query($id: ID!) { model(id: $id) { name } }')
    expect(status).toBe(400)
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT')
  })

  it('tell when a part of the graph has no value where it promised one', async () => {
    const unknown = { Model: { __resolveReference: () => null } }
    const server = await gateway({ subgraphs: subgraphs({ serving: unknown }) })
    const answer = await ask(server, '{ model(id: "m1") { name load } }')
    expect(answer.data).toEqual({ model: null })
    expect(answer.errors).toMatchObject([
      {
        message: expect.stringContaining('Cannot return null for non-nullable field Model.load'),
        path: ['model', 'load'],
        extensions: { code: 'SUBGRAPH_BAD_RESPONSE', requestId: expect.any(String) },
      },
    ])
    expect(answer).not.toHaveProperty('extensions')
    expect(server.lines.at(-1)).toMatchObject({ msg: 'graphql', errors: 1 })
  })
})
