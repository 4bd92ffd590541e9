import { z } from 'zod'
import { text } from './options.ts'
import { Secret } from './secret.ts'

const EXPECTED = 'an address that starts with postgres:// or postgresql://'

/** The address of a PostgreSQL. Becomes a `Secret`, since it may hold a password. */
const postgresUrl = () =>
  z
    .string()
    .refine((value) => /^postgres(ql)?:\/\/\S+$/.test(value) && URL.canParse(value), { error: EXPECTED })
    .transform((value) => new Secret(value))
    .meta({ secret: true, expected: EXPECTED })

const days = (what: string) => z.int().min(1).optional().describe(`Days for which ${what} are kept. Default: for ever.`)

const retention = z
  .strictObject({
    observation: days('observations'),
    gate: days('decisions of the gate'),
    notification: days('records of what was notified'),
    attestation: days('attestations and their revocations, after they ended or were revoked,'),
    waiver: days('waivers and their revocations, after they ended or were revoked,'),
  })
  .describe(
    'What is removed after how long, by the gateway every six hours or by `modelops state prune`; a signed tombstone stays. Default: nothing ever is.',
  )

const place = z.strictObject({
  postgres: postgresUrl()
    .optional()
    .describe(
      'Address of a PostgreSQL database, which several instances can share; with the password if it has one. Default: the file.',
    ),
  file: text()
    .optional()
    .describe(
      'SQLite file, relative to the folder of the configuration file. Default: `.modelops/state.db` in the current folder.',
    ),
  keyFile: text()
    .optional()
    .describe(
      'Ed25519 key (PEM) that signs for what retention removes, relative to the folder of the configuration file. Made when it is first needed. Default: `.modelops/state-key.pem` in the current folder.',
    ),
  retention: retention.prefault({}),
})

/** Where what people say and what was seen is kept. */
export const state = z
  .union([postgresUrl().transform((postgres) => place.parse({ postgres: postgres.reveal() })), place])
  .refine(({ postgres, file }) => postgres === undefined || file === undefined, {
    error: 'either "postgres" or "file"',
    when: ({ issues }) => issues.length === 0,
  })
  .meta({ expected: `${EXPECTED}, or a map` })
  .describe(
    'The only state: what people say and no tool holds (attestations, waivers, use cases), decisions of the gate, and observations; an append-only log with a hash chain. `state: postgres://…` is short for `state: { postgres: "postgres://…" }`. `modelops state export` and `import` move it.',
  )
