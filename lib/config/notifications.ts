import { z } from 'zod'
import { secretText, slug, text, texts } from './options.ts'
import { Secret } from './secret.ts'

/** What can be seen to change; `schema/delivery.graphql` says what each means. */
export const observationKinds = [
  'CHAMPION_CHANGED',
  'SERVED_CHANGED',
  'STATE_CHANGED',
  'VERSION_CREATED',
  'HEALTH_CHANGED',
  'COMPLIANCE_CHANGED',
] as const

const EXPECTED = 'an address that starts with http:// or https://'

/** The address of a receiver. Becomes a `Secret`: those of Slack and Teams let in whoever knows them. */
const receiver = () =>
  z
    .string()
    .refine((value) => /^https?:\/\/\S+$/.test(value) && URL.canParse(value), { error: EXPECTED })
    .transform((value) => new Secret(value))
    .meta({ secret: true, expected: EXPECTED })

const some = () => texts().min(1).optional()

const when = z
  .strictObject({
    kinds: z
      .array(z.enum(observationKinds))
      .min(1)
      .optional()
      .describe('Kinds of observations, as `ObservationKind` has them.'),
    becomes: some().describe('What it is since, as `Observation.after` shows it, such as UNHEALTHY or NOT_READY.'),
    owners: some().describe('Names of owners of the model, as it is owned when it is notified.'),
    domains: some().describe('Business domains of the model, as they are then.'),
    models: some().describe('Ids of models, such as `Model:mlflow:churn`.'),
    expiresWithinDays: z
      .int()
      .min(1)
      .max(365)
      .optional()
      .describe('Instead of observations: waivers and attestations that end within so many days, once each.'),
  })
  .refine(
    ({ kinds: observed, becomes, expiresWithinDays }) => (observed ?? becomes) === undefined || !expiresWithinDays,
    {
      error: 'either "expiresWithinDays", or "kinds" and "becomes"',
    },
  )

const rule = z
  .strictObject({
    id: slug().describe('Unique among notifications; what was delivered is remembered by it.'),
    when: when.describe('What it is for; all that is given must hold, of a list any item.'),
    url: receiver().describe('Where to send it, by POST. Redirects are not followed.'),
    secret: secretText()
      .optional()
      .describe(
        'Signs each message as Standard Webhooks has it: `webhook-signature` is `v1,` and the base64 of HMAC-SHA256 over `<webhook-id>.<webhook-timestamp>.<body>`. A secret that starts with `whsec_` is base64 behind that, any other is taken as it is.',
      ),
    format: z
      .enum(['cloudevents', 'slack', 'teams'])
      .default('cloudevents')
      .describe('CloudEvents 1.0 as JSON; a message of Slack; an Adaptive Card, as a workflow of Teams takes it.'),
    headers: z.record(text(), secretText()).default({}).describe('Further headers, such as `Authorization`.'),
  })
  .describe('One notification.')

/** What is told to whom. */
export const notifications = z
  .array(rule)
  .default([])
  .describe(
    'Messages about what was observed, and about what ends soon. At least once each, in order: a receiver that is down gets them later, for three days, also after a restart. A new entry tells of what happens from then on. Who gets them sees them whatever `access` says.',
  )
