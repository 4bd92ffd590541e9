import { z } from 'zod'
import { text, texts } from './options.ts'

const parameters = z
  .strictObject({
    rule: text().describe('Id of the rule, as `healthRules` shows it.'),
    subjects: texts()
      .optional()
      .describe('Ids of the models or endpoints that it is for, such as `Model:mlflow:churn`. Default: all.'),
    set: z
      .record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
      .describe('The parameters of the rule, by name.'),
  })
  .describe('Thresholds of one rule. Of several entries for one subject, the last decides; a tag on it beats them all.')

/** What health is judged by. */
export const health = z
  .strictObject({
    rules: texts()
      .default([])
      .describe('Files or folders of further rules, relative to the folder of the configuration file.'),
    parameters: z.array(parameters).default([]).describe('Thresholds, where the defaults of the rules do not fit.'),
  })
  .describe('Rules that judge health, beside those that ship, and their thresholds.')
