import { z } from 'zod'
import { labelName, registryOption, watchOptions } from '../naming.ts'

/** Options of a source of kind `alertmanager`. */
export const alertmanagerOptions = z
  .object({
    registry: registryOption(),
    labels: z
      .strictObject({
        model: z
          .array(labelName())
          .default(['model', 'model_name'])
          .describe('Labels with the name of the registered model, the first that an alert has.'),
        version: z
          .array(labelName())
          .default(['model_version', 'version'])
          .describe('Labels with the version of the registered model, likewise.'),
      })
      .prefault({})
      .describe('Which labels of an alert name the model that it is about.'),
    watches: z
      .array(z.strictObject(watchOptions))
      .default([])
      .describe('Which servers of models alerts are about, and by which labels.'),
  })
  .meta({ role: 'monitor', description: 'Alertmanager: the alerts that fire now, and the silences.' })
