import { readFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse } from 'graphql'

/** The schema as the team wrote it. */
export const featureStoreSdl = readFileSync(new URL('schema.graphql', import.meta.url), 'utf8')

/** A feature view as the store holds it. */
export interface FeatureView {
  readonly id: string
  readonly name: string
  readonly minutesOld: number | null
  /** Ids of datasets and models. */
  readonly tables: readonly string[]
  readonly models: readonly string[]
}

/** A team's own subgraph: a server that nothing of this project is part of. */
export interface FeatureStore {
  readonly url: string
  /** The headers of each request so far. */
  readonly calls: IncomingHttpHeaders[]
  /** What is done before each answer; may wait. */
  before: () => Promise<void> | void
  close(): Promise<void>
}

/** Starts it on a free port. `accepts`: refuses requests of which it does not hold. */
export async function startFeatureStore(
  views: readonly FeatureView[],
  { sdl = featureStoreSdl, accepts = (_: IncomingHttpHeaders) => true as boolean | Promise<boolean>, port = 0 } = {},
): Promise<FeatureStore> {
  const byId = new Map(views.map((view) => [view.id, view]))
  const ref = (id: string) => ({ id })
  const schema = buildSubgraphSchema({
    typeDefs: parse(sdl),
    resolvers: {
      Query: { featureViews: () => views },
      FeatureView: {
        __resolveReference: ({ id }: { id: string }) => byId.get(id) ?? null,
        tables: ({ tables }: FeatureView) => tables.map(ref),
        models: ({ models }: FeatureView) => models.map(ref),
      },
      Dataset: {
        featureViews: ({ id }: { id: string }) => views.filter(({ tables }) => tables.includes(id)),
      },
      Model: {
        featureViews: ({ id }: { id: string }) => views.filter(({ models }) => models.includes(id)),
      },
    },
  })
  const store: FeatureStore = {
    url: '',
    calls: [],
    before: () => {},
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  const server = createServer(async (request, response) => {
    store.calls.push(request.headers)
    const { query, variables } = JSON.parse(await text(request))
    await store.before()
    const accepted = await accepts(request.headers)
    const answer = accepted ? await graphql({ schema, source: query, variableValues: variables }) : { errors: [] }
    response.writeHead(accepted ? 200 : 401, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return Object.assign(store, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/team/graphql` })
}
