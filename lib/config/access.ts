import { z } from 'zod'
import { sourceReference, text, texts } from './options.ts'

const some = () => texts().min(1).optional()

const tag = z.strictObject({
  key: text().describe('Name of the tag.'),
  value: text().optional().describe('Its value, exactly. Default: any.'),
})

const CONDITIONS = 'at least one of: sources, domains, owners, tags. Who may see everything has "see: all"'

const conditions = z
  .strictObject({
    sources: z.array(sourceReference()).min(1).optional().describe('Ids of the sources it comes from.'),
    domains: some().describe('Business domains, as `Model.domain` shows them.'),
    owners: some().describe('Names of owners, as `Model.owners` shows them.'),
    tags: z.array(tag).min(1).optional().describe('Tags of the model.'),
  })
  .refine((value) => Object.values(value).some((condition) => condition !== undefined), { error: CONDITIONS })

const rule = z
  .strictObject({
    roles: texts().min(1).describe('Whom the rule is for: who has any of these roles.'),
    see: z
      .union([z.literal('all'), conditions])
      .meta({ expected: 'all, or a map of what must hold' })
      .describe('What they see: `all`, or what all these conditions hold for. Of a list, any item is enough.'),
  })
  .describe('One rule. Who has several roles sees what any of their rules lets them see.')

/** Who sees what. */
export const access = z
  .array(rule)
  .optional()
  .describe(
    [
      'Who may see what. Without this section, who may ask sees everything. With it, each role sees what its rules say, a role in no rule sees nothing, and `admin` sees everything.',
      'A model is seen with its versions, and a run with any version that was made by it. An endpoint with what it serves, and a run of which no version is seen, have no domain, owner or tag: a rule with such a condition does not show them, one by source does.',
      'What is hidden is counted in `incomplete` (`FORBIDDEN`), in lists without regard to their filter. The list of sources with their state is shown to everybody who may ask.',
    ].join('\n\n'),
  )
