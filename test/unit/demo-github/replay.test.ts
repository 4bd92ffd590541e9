import { schema as published } from '@octokit/graphql-schema'
import { buildSchema, isEnumType, isInterfaceType, isObjectType, isUnionType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { startGithub } from '#demo/github/index.ts'
import { schema } from '#demo/github/schema.ts'
import { HEADERS, replayAll } from '../demo-gitea/recordings.ts'
import { graphql, rest } from './acme.ts'

const FIXTURES = new URL('../../../demo/github/fixtures/github-2022-11-28/', import.meta.url)
const github = { webUrl: 'https://github.com', token: 'good' }
const budget = { limit: 5_000, remaining: 4_999, resetAt: Date.UTC(2026, 10, 24, 3, 50) }

// biome-ignore lint/suspicious/noExplicitAny: answers of many forms
type Json = any

/** What the recordings have of GitHub's examples, of which each tells of another repository. */
const EXCEPT: Record<string, (body: Json) => unknown> = {
  '09-run-jobs': ({ jobs: [{ html_url: _, ...job }], ...rest }) => ({ ...rest, jobs: [job] }),
  '16-rate-limit': ({ resources }) => ({ limit: resources.core.limit, keys: Object.keys(resources.core).sort() }),
  // A deployment is told there, and nobody reads it.
  '30-graphql-commits-batch': ({ data: { r0, rateLimit } }) => ({
    ...{ rateLimit, r0: { ...r0, c0: { ...r0.c0, deployments: null } } },
  }),
}

describe('GitHub stand-in', () => {
  replayAll(
    FIXTURES,
    [
      {
        stage: 'a run that failed',
        start: () => startGithub({ ...github, data: rest, budget }),
        authorization: 'Bearer good',
        replays: ['07-actions-runs-head-sha', '08-actions-runs-none', '09-run-jobs', '16-rate-limit', '17-not-found'],
      },
      {
        stage: 'a pull request that was merged',
        start: () => startGithub({ ...github, data: graphql, budget }),
        authorization: 'Bearer good',
        replays: ['30-graphql-commits-batch', '31-graphql-not-found'],
      },
      {
        stage: 'the rate limit is used up',
        start: () => startGithub({ ...github, data: rest, limited: 'primary', budget: { ...budget, remaining: 0 } }),
        authorization: 'Bearer good',
        replays: ['19-primary-rate-limit'],
      },
      {
        stage: 'it was asked too fast',
        start: () => startGithub({ ...github, data: rest, limited: 'secondary' }),
        authorization: 'Bearer good',
        replays: ['20-secondary-rate-limit'],
      },
      {
        stage: 'it is asked with another token',
        start: () => startGithub({ ...github, data: rest }),
        authorization: 'Bearer bad',
        replays: ['21-bad-credentials'],
      },
    ],
    EXCEPT,
    // The example of one run in all says that there is a next page.
    HEADERS.filter((header) => header !== 'link'),
  )

  it("has a GraphQL schema that is a part of GitHub's own", () => {
    // As published, it defines two fields twice, of types that do not matter here.
    const whole = buildSchema(published.idl, { assumeValidSDL: true })
    for (const [name, type] of Object.entries(schema.getTypeMap())) {
      const real = whole.getType(name)
      if (name.startsWith('__')) continue
      expect(real?.constructor.name, name).toBe(type.constructor.name)
      if (isEnumType(type) && isEnumType(real)) {
        expect(real.getValues().map(({ name }) => name)).toEqual(
          expect.arrayContaining(type.getValues().map(({ name }) => name)),
        )
      }
      if (isUnionType(type) && isUnionType(real)) {
        expect(real.getTypes().map(String)).toEqual(expect.arrayContaining(type.getTypes().map(String)))
      }
      if (!(isObjectType(type) || isInterfaceType(type)) || !(isObjectType(real) || isInterfaceType(real))) continue
      for (const field of Object.values(type.getFields())) {
        const realField = real.getFields()[field.name]
        expect([name, field.name, String(realField?.type)]).toEqual([name, field.name, String(field.type)])
        for (const { name: argument, type: of } of field.args) {
          const realArgument = realField?.args.find((one) => one.name === argument)
          expect([field.name, argument, String(realArgument?.type)]).toEqual([field.name, argument, String(of)])
        }
        // What is asked without an argument must not need one.
        const needed = realField?.args.filter(
          ({ type: of, defaultValue }) => String(of).endsWith('!') && defaultValue === undefined,
        )
        expect(field.args.map(({ name }) => name)).toEqual(
          expect.arrayContaining(needed?.map(({ name }) => name) ?? []),
        )
      }
    }
  })
})
