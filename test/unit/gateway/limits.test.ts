import { getIntrospectionQuery } from 'graphql'
import { describe, expect, it } from 'vitest'
import { ask, gateway } from './graph.ts'

const server = await gateway({ config: { limits: { tokens: 200, depth: 4, aliases: 3, rootFields: 3, pageSize: 10 } } })

/** Status, code and message of the only error. */
async function refusal(query: string, variables: object = {}) {
  const { status, data, errors } = await ask(server, query, { variables })
  expect(errors).toHaveLength(1)
  return { status, data, code: errors?.[0]?.extensions.code, message: errors?.[0]?.message }
}

async function answered(query: string, variables: object = {}) {
  const { status, errors } = await ask(server, query, { variables })
  return { status, errors }
}

const well = { status: 200, errors: undefined }

describe('limits of a query', () => {
  it('refuses more tokens', async () => {
    expect(await refusal(`{ models { ${'name '.repeat(200)} } }`)).toEqual({
      status: 400,
      code: 'MAX_TOKENS_LIMIT',
      message: 'The query has more than 200 tokens; at most 200 are allowed here (gateway.limits.tokens).',
    })
  })

  it('refuses more levels of fields, and takes as many as are allowed', async () => {
    expect(await refusal('{ models { owner { models { owner { name } } } } }')).toEqual({
      status: 400,
      code: 'MAX_DEPTH_LIMIT',
      message: 'The query nests 5 levels of fields; at most 4 are allowed here (gateway.limits.depth).',
    })
    expect(await answered('{ models { owner { models { name } } } }')).toEqual(well)
  })

  it('refuses more aliases, and takes as many as are allowed', async () => {
    expect(await refusal('{ models { a: name b: name c: name d: name } }')).toMatchObject({
      status: 400,
      code: 'MAX_ALIASES_LIMIT',
      message: 'The query has 4 aliases; at most 3 are allowed here (gateway.limits.aliases).',
    })
    expect(await answered('{ models { a: name b: name c: name } }')).toEqual(well)
  })

  it('refuses more fields at the top, and takes as many as are allowed', async () => {
    expect(await refusal('{ answer answer answer ...A } fragment A on Query { answer }')).toMatchObject({
      status: 400,
      code: 'MAX_ROOT_FIELDS_LIMIT',
      message: 'The query has 4 fields at its top; at most 3 are allowed here (gateway.limits.rootFields).',
    })
    expect(await answered('{ answer ...A __typename } fragment A on Query { again { answer } answer }')).toEqual(well)
  })

  it('counts what is in fragments each time they are spread', async () => {
    const fragment = 'fragment A on Model { a: name b: id }'
    expect(await refusal(`{ models { ...A owner { models { ...A } } } } ${fragment}`)).toMatchObject({
      code: 'MAX_ALIASES_LIMIT',
      message: expect.stringContaining('4 aliases'),
    })
    expect(
      await refusal('{ again { models { ...A } } } fragment A on Model { owner { models { name } } }'),
    ).toMatchObject({
      code: 'MAX_DEPTH_LIMIT',
      message: expect.stringContaining('5 levels'),
    })
  })

  it('refuses the wrong operation of several, too', async () => {
    const query = 'query A { answer } query B { models { owner { models { owner { name } } } } }'
    expect(await refusal(query)).toMatchObject({ code: 'MAX_DEPTH_LIMIT' })
  })

  it('refuses fragments that double at each step, at once', async () => {
    const wide = await gateway({ config: { limits: { depth: 1_000 } } })
    const steps = Array.from(
      { length: 24 },
      (_, i) => `fragment F${i} on Query { again { ...F${i + 1} } ...F${i + 1} }`,
    )
    const started = performance.now()
    const { errors } = await ask(wide, `{ ...F0 } ${steps.join(' ')} fragment F24 on Query { answer }`)
    expect(performance.now() - started).toBeLessThan(500)
    expect(errors?.map(({ extensions }) => extensions.code)).toContain('MAX_TOKENS_LIMIT')
    expect(errors?.map(({ message }) => message).join()).toContain('over a million')
  })

  it('refuses fragments that spread each other', async () => {
    const query = '{ ...A } fragment A on Query { again { ...B } } fragment B on Query { again { ...A } }'
    expect(await refusal(query)).toMatchObject({ status: 400, code: 'GRAPHQL_VALIDATION_FAILED' })
  })

  it('refuses what nests too deep to be read', async () => {
    const wide = await gateway({ config: { limits: { tokens: 100_000 } } })
    const { status, errors } = await ask(wide, `${'{ again '.repeat(20_000)}{ answer }${' }'.repeat(20_000)}`)
    expect(status).toBe(400)
    expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['MAX_DEPTH_LIMIT'])
  })

  it('leaves what explorers ask of the schema alone', async () => {
    const query = '{ __schema { types { fields { type { ofType { ofType { ofType { name } } } } } } } }'
    expect(await answered(query)).toEqual(well)
    const { status, errors } = await ask(
      await gateway(),
      getIntrospectionQuery({ oneOf: true, schemaDescription: true }),
    )
    expect({ status, errors }).toEqual(well)
  })
})

describe('the limit of a page', () => {
  const refused = (message: string) => ({ status: 400, code: 'MAX_PAGE_SIZE_LIMIT', message })

  it('holds for a number in the query, however deep', async () => {
    const limit = 'at most 10 are allowed here (gateway.limits.pageSize).'
    expect(await refusal('{ models(first: 11) { name } }')).toMatchObject(
      refused(`The query asks for 11 items at once (first); ${limit}`),
    )
    const deep = '{ models { owner { ...O } } } fragment O on Owner { models(first: 99999999) { name } }'
    expect(await refusal(deep)).toMatchObject(refused(`The query asks for 99999999 items at once (first); ${limit}`))
    expect(await answered('{ models(first: 10) { name } }')).toEqual(well)
  })

  it('holds for a variable, each time the query is repeated', async () => {
    const query = 'query($n: Int) { models(first: $n) { name } }'
    expect(await answered(query, { n: 10 })).toEqual(well)
    const { message, code } = await refusal(query, { n: 11 })
    expect(code).toBe('MAX_PAGE_SIZE_LIMIT')
    expect(message).toContain('11 items at once (first, from the variable $n)')
    expect(await answered(query, { n: null })).toEqual(well)
    expect(await answered(query)).toEqual(well)
  })

  it("holds for a variable's default, unless the variable is given", async () => {
    const query = 'query($n: Int = 11) { models(first: $n) { name } }'
    expect(await refusal(query)).toMatchObject({ code: 'MAX_PAGE_SIZE_LIMIT' })
    expect(await answered(query, { n: 1 })).toEqual(well)
  })
})
