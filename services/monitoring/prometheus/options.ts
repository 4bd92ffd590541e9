import { z } from 'zod'
import { text } from '#lib/config/options.ts'
import { labelName, registryOption, watchOptions } from '../naming.ts'
import { presetNames, type TimeUnit } from './presets.ts'

const metric = () => {
  const expected = 'the name of a metric'
  return z
    .string()
    .regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/, { error: expected })
    .meta({ expected })
}

const counter = {
  metric: metric().describe('Name of the metric.'),
  where: text().optional().describe('PromQL matchers that its series must fulfil as well, such as `code=~"5.."`.'),
}
const unit = z.enum(['s', 'ms', 'us'] satisfies TimeUnit[]).describe('Unit of its values.')
const counters = () => z.array(z.strictObject(counter)).min(1)

const metrics = z
  .strictObject({
    modelLabel: labelName().optional().describe('Label with the name of the model.'),
    versionLabel: labelName().optional().describe('Label with its version.'),
    unversioned: text().optional().describe('Value of that label for requests that named no version.'),
    requests: counters().optional().describe('Counters that together are all requests, failed ones included.'),
    errors: counters().optional().describe('Counters that together are the failed requests.'),
    spent: z
      .strictObject({
        ...counter,
        unit,
        count: metric().describe('Counter of the requests that the time was spent on.'),
      })
      .optional()
      .describe('Counter of the time spent, for the mean.'),
    histogram: z
      .strictObject({ ...counter, unit })
      .optional()
      .describe('Buckets of a histogram, for quantiles.'),
    saturation: z
      .array(
        z.strictObject({
          ...counter,
          full: z
            .union([z.literal(1), z.literal(100)], { error: '1 or 100' })
            .meta({ expected: '1 or 100' })
            .default(1)
            .describe('What full is.'),
          of: z
            .enum(['model', 'server'])
            .default('model')
            .describe('Whether each model has one of its own, or the server one for all.'),
        }),
      )
      .min(1)
      .optional()
      .describe('Gauges of what is in use; the fullest counts.'),
  })
  .describe('What the server calls its metrics, where that is not as in the preset, or there is no preset.')

const watch = z
  .strictObject({
    ...watchOptions,
    preset: z.enum(presetNames).optional().describe('Whose metrics they are.'),
    metrics: metrics.optional(),
  })
  .refine(({ preset, metrics: own }) => preset !== undefined || (own?.modelLabel && own.requests), {
    error: 'a "preset", or "metrics" with at least "modelLabel" and "requests"',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })

const signal = z.strictObject({
  name: text().describe('Name to show.'),
  kind: z
    .enum(['data', 'prediction', 'target', 'quality', 'business', 'other'])
    .describe('What it is a figure of. The first four are shown as drift.'),
  query: text().describe(
    'PromQL that gives one series per model (and feature), with the labels below: `max by (model, feature) (model_drift_score)`.',
  ),
  registry: registryOption(),
  modelLabel: labelName().default('model').describe('Label with the name of the registered model.'),
  versionLabel: labelName().optional().describe('Label with its version.'),
  featureLabel: labelName().default('feature').describe('Label with the feature or column.'),
  worse: z.enum(['higher', 'lower']).describe('Which way it gets worse. A p-value gets worse when it gets lower.'),
  threshold: z
    .number()
    .meta({ expected: 'a number' })
    .optional()
    .describe('Beyond this it is bad. Default: nothing says so.'),
  unit: text().optional().describe('Unit of the value and the threshold.'),
})

/** Options of a source of kind `prometheus`. */
export const prometheusOptions = z
  .object({
    watches: z.array(watch).default([]).describe('Which servers of models it watches, and by which labels.'),
    signals: z.array(signal).default([]).describe('Figures that somebody publishes for models, such as drift.'),
  })
  .meta({ role: 'monitor', description: 'Prometheus: traffic of served models, and signals by PromQL of your own.' })

/** A configured watch. */
export type WatchOptions = z.output<typeof watch>

/** A configured signal. */
export type SignalOptions = z.output<typeof signal>
