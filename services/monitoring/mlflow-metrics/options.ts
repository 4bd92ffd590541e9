import { z } from 'zod'
import { text } from '#lib/config/options.ts'
import { registryOption } from '../naming.ts'

/** Hours that are looked back: what `since` can tell at most. */
export const DEPTH_HOURS = 168

const METRIC = 'the name of a metric, with at most one *'

const signal = z.strictObject({
  name: text().describe('Name to show.'),
  kind: z
    .enum(['data', 'prediction', 'target', 'quality', 'business', 'other'])
    .describe('What it is a figure of. The first four are shown as drift.'),
  experiment: text().describe('Name of the experiment with the runs that measure it.'),
  metric: text()
    .regex(/^[^*]*\*?[^*]*$/, { error: METRIC })
    .meta({ expected: METRIC })
    .describe('Name of the metric of those runs; `*` stands for the feature or column: `psi/*`.'),
  modelTag: text().default('model').describe('Tag of those runs with the name of the registered model.'),
  versionTag: text().optional().describe('Tag with its version.'),
  worse: z.enum(['higher', 'lower']).describe('Which way it gets worse. A p-value gets worse when it gets lower.'),
  threshold: z
    .number()
    .meta({ expected: 'a number' })
    .optional()
    .describe('Beyond this it is bad. Default: nothing says so.'),
  unit: text().optional().describe('Unit of the value and the threshold.'),
  freshHours: z
    .int()
    .min(1)
    .max(DEPTH_HOURS)
    .default(48)
    .describe('Hours for which a measurement counts as that of now; later it is shown as stale.'),
})

/** Options of a source of kind `mlflow-metrics`. */
export const mlflowMetricsOptions = z
  .object({
    registry: registryOption(),
    signals: z.array(signal).min(1).describe('Which metrics of which runs are figures of models.'),
  })
  .meta({ role: 'monitor', description: 'Metrics that monitoring jobs log as runs in MLflow, such as drift.' })

/** A configured signal. */
export type SignalOptions = z.output<typeof signal>
