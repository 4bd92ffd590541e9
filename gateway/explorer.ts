import { existsSync } from 'node:fs'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { sendProblem } from './problem.ts'

/** Adds the page to explore the graph with, `/graphiql`, from its built files; where they are missing, says how to build them. */
export async function addExplorer(app: FastifyInstance, webRoot: string | undefined): Promise<void> {
  app.get('/', (_request, reply) => reply.redirect('/graphiql'))
  if (webRoot === undefined || !existsSync(join(webRoot, 'index.html'))) {
    app.get('/graphiql', (_request, reply) => sendProblem(reply, notBuilt))
    return
  }
  await app.register(fastifyStatic, {
    root: webRoot,
    prefix: '/graphiql/',
    cacheControl: false,
    // Names below assets/ hold a hash of what is in the file.
    setHeaders: (reply, path) => {
      const lasting = path.startsWith(join(webRoot, 'assets'))
      reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.get('/graphiql', (_request, reply) => reply.sendFile('index.html'))
}

const notBuilt = {
  status: 503,
  code: 'EXPLORER_NOT_BUILT',
  message:
    'The page to explore the graph is not built. Build it with "npm run prepare", then start the gateway again; the graph itself answers at /graphql.',
}
