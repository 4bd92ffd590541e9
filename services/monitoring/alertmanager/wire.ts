import { z } from 'zod'

/** A moment of RFC 3339, in milliseconds since 1970. */
const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))

const texts = z.record(z.string(), z.string())

/** `GET /api/v2/alerts`, as 0.25.0 answers it; what suppresses by time alone (`mutedBy`, 0.28) shows in the state. */
export const alerts = z.array(
  z.object({
    fingerprint: z.string(),
    labels: texts,
    annotations: texts,
    startsAt: moment,
    generatorURL: z.string().nullish(),
    status: z.object({
      state: z.string(),
      silencedBy: z.array(z.string()).nullish(),
      inhibitedBy: z.array(z.string()).nullish(),
    }),
  }),
)

/** `GET /api/v2/silences`: expired ones too. */
export const silences = z.array(
  z.object({ id: z.string(), comment: z.string(), createdBy: z.string(), startsAt: moment, endsAt: moment }),
)

/** `GET /api/v2/status`: it also has the whole configuration, which is not read. */
export const status = z.object({ uptime: moment, versionInfo: z.object({ version: z.string() }) })
