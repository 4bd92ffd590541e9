import { z } from 'zod'
import { milliseconds, serverUrl } from './options.ts'

/** What the process tells of itself. */
export const telemetry = z
  .strictObject({
    otlp: serverUrl()
      .optional()
      .describe(
        'Address of a collector that takes traces as OTLP over HTTP, such as `http://collector:4318`; they go to `/v1/traces` below it. Headers that it wants are in the environment variable `OTEL_EXPORTER_OTLP_HEADERS`. Default: there are no traces.',
      ),
    sampled: z
      .number()
      .min(0)
      .max(1)
      .meta({ expected: 'a number from 0 to 1' })
      .default(1)
      .describe('Share of the requests that are traced.'),
    accept: z
      .boolean()
      .default(false)
      .describe(
        'Continue the trace that a client names in the header `traceparent`. It decides then whether the request is traced.',
      ),
    propagate: z
      .boolean()
      .default(false)
      .describe('Name the trace to sources, in the header `traceparent`, so that theirs continue it.'),
  })
  .describe(
    'What the gateway tells of itself. Metrics are at `/metrics`, for every caller of the graph; a key whose only role is `metrics` reads them and nothing else. A subgraph that is a server of its own has its own `/metrics`, for whoever reaches its port. Traces hold no query, variable, header or path.',
  )

/** How many queries are answered at a time. */
export const concurrency = z
  .strictObject({
    running: z.int().min(1).default(64).describe('Queries that are answered at a time.'),
    waiting: z
      .int()
      .min(0)
      .default(256)
      .describe(
        'Queries that may wait for their turn, each for half of its deadline; those beyond are refused with 503 and `Retry-After`.',
      ),
    eventLoopDelayMilliseconds: milliseconds()
      .default(500)
      .describe('Average delay of the process from which on it is not ready.'),
  })
  .describe(
    'What is done when more is asked than can be answered. `/health/ready` says 503 before queries are refused: when half of the places to wait are taken, or the process is late.',
  )
