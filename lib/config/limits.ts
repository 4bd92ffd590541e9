import { z } from 'zod'
import { keys, oidc } from './identity.ts'
import { milliseconds, redisUrl, serverUrl, slug, text } from './options.ts'
import { concurrency } from './telemetry.ts'

/** How sources are called. */
export const http = z
  .strictObject({
    connectTimeout: milliseconds().default(3_000).describe('Milliseconds until a connection stands.'),
    requestTimeout: milliseconds()
      .default(8_000)
      .describe('Milliseconds for one request of a source, within the deadline of the query.'),
    indexTimeout: milliseconds()
      .default(30_000)
      .describe('Milliseconds for one request that loads the index in the background.'),
    maxResponseBytes: z
      .int()
      .min(1_024)
      .default(33_554_432)
      .describe('Bytes of one answer; a longer one is a failure of the source.'),
  })
  .describe('Limits for requests to sources.')

/** How old what is held in memory may be. */
export const index = z
  .strictObject({
    freshSeconds: z
      .int()
      .min(1)
      .default(30)
      .describe('Seconds in which the index of a source is answered from without asking again.'),
    staleSeconds: z
      .int()
      .min(0)
      .default(3_600)
      .describe(
        'Seconds in which an older index still answers, marked stale, while the source is asked again or does not answer.',
      ),
    maxVersions: z
      .int()
      .min(1)
      .default(200_000)
      .describe(
        'Versions that are held of one registry, about 1.3 KB each; of one that has more, the rest is told as incomplete.',
      ),
    maxDatasets: z
      .int()
      .min(1)
      .default(50_000)
      .describe(
        'Datasets that are held of one catalog, about 4 KB each; of one that has more, the rest is told as incomplete.',
      ),
  })
  .describe('What is held in memory of each source: models, versions, what they are filtered and joined by.')

/** What several gateways share. */
export const cache = z
  .strictObject({
    redis: redisUrl()
      .optional()
      .describe(
        'Address of a Redis, `redis://` or `rediss://`, with the password if it has one. Default: each process reads for itself.',
      ),
    prefix: text().default('modelops').describe('What every key in it starts with.'),
  })
  .describe(
    'Where several gateways share what they read of sources, so that one of them asks for all. While it does not answer, each asks for itself.',
  )

const limits = z
  .strictObject({
    bodyBytes: z.int().min(1_024).default(1_048_576).describe('Bytes of a request.'),
    tokens: z.int().min(1).default(15_000).describe('Tokens of a query.'),
    depth: z.int().min(1).default(20).describe('Levels of nested fields.'),
    aliases: z.int().min(0).default(50).describe('Aliases in a query.'),
    rootFields: z.int().min(1).default(20).describe('Fields at the top of a query.'),
    pageSize: z.int().min(1).default(500).describe('Largest `first` of a list.'),
  })
  .describe('What one query may ask for. A query beyond a limit is refused before it is planned.')

/** The port to listen on; 0 takes a free one. */
export const port = z.int().min(0).max(65_535).default(4_000)

/** How queries are taken. */
export const gateway = z
  .strictObject({
    host: text().default('127.0.0.1').describe('Address to listen on. The environment variable `HOST` overrules it.'),
    port: port.describe('Port to listen on; 0 takes a free one. The environment variable `PORT` overrules it.'),
    publicUrl: serverUrl()
      .optional()
      .describe(
        'Address at which people reach the gateway, for links to it in answers. Default: there are no such links.',
      ),
    requestDeadlineMilliseconds: milliseconds()
      .default(10_000)
      .describe('Milliseconds for one query; what has not arrived by then is told as incomplete.'),
    limits: limits.prefault({}),
    concurrency: concurrency.prefault({}),
    supergraph: text()
      .optional()
      .describe(
        'File of the composed graph, read again when it changes. Default: the one that belongs to this version.',
      ),
    subgraphs: z
      .record(slug(), serverUrl())
      .optional()
      .describe(
        'For `modelops gateway`: the address of each subgraph, by its name. The environment variable `MODELOPS_SUBGRAPHS` overrules it: `models=http://…,serving=http://…,platform=http://…`.',
      ),
    keys,
    oidc: oidc.optional(),
  })
  .describe(
    'How the gateway takes queries. While it listens on this computer only, whoever asks from there without a credential is admin; a proxy there must send `X-Forwarded-For` with what it passes on. On any other address it starts only with `keys` or `oidc`.',
  )
