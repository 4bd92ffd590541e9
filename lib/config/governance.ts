import { z } from 'zod'
import { text, texts } from './options.ts'

const parameters = z
  .strictObject({
    rule: text().describe('Id of the policy, as `policies` shows it, or of the tiering rule, as `Model.risk` does.'),
    subjects: texts()
      .optional()
      .describe('Ids of the models, versions or endpoints that it is for, such as `Model:mlflow:churn`. Default: all.'),
    set: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .describe('The parameters of the policy, by name.'),
  })
  .describe(
    'Thresholds of one policy. Of several entries for one subject, the last decides; a tag on it beats them all.',
  )

const review = z
  .strictObject({
    tier: text().describe('The risk tier, one of `tiers`.'),
    everyDays: z.int().min(1).describe('Days from one review to the next.'),
  })
  .describe('How often models of one tier are reviewed.')

/** What is governed, and by what. */
export const governance = z
  .strictObject({
    policies: texts()
      .default([])
      .describe('Files or folders of further policies, relative to the folder of the configuration file.'),
    packs: texts()
      .default([])
      .describe(
        'Files or folders of further packs: regulations and rules of the company, with the policies that judge them.',
      ),
    tiering: texts().default([]).describe('Files or folders of further tiering rules, which propose the risk tier.'),
    without: texts()
      .default([])
      .describe('Ids of policies and tiering rules that ship and are not to judge here. Packs then say so.'),
    parameters: z.array(parameters).default([]).describe('Thresholds, where the defaults of the policies do not fit.'),
    tiers: texts()
      .min(1)
      .default(['HIGH', 'MEDIUM', 'LOW'])
      .describe('The risk tiers of the company, the strictest first. Tiering rules and decisions of people name them.'),
    reviews: z
      .array(review)
      .default([
        { tier: 'HIGH', everyDays: 180 },
        { tier: 'MEDIUM', everyDays: 365 },
      ])
      .describe('How often models are reviewed, by tier. A tier that is not named asks for no reviews.'),
  })
  .describe('Policies that judge compliance, beside those that ship, with packs, risk tiers and reviews.')
