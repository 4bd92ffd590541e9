import { z } from 'zod'
import { sourceReference, text, texts } from '#lib/config/options.ts'
import { labelsOption } from '../labels.ts'

/** Options of a source of kind `open-inference`. */
export const openInferenceOptions = z
  .object({
    environment: text().optional().describe('Name of the environment that the server serves.'),
    labels: labelsOption(),
    registry: sourceReference('registry').optional().describe('Id of the source whose models it serves.'),
    convention: z
      .enum(['name-and-version'])
      .optional()
      .describe('How names and versions on the server relate to the registry. Default: nothing is stated.'),
    models: texts().optional().describe('Names of models to read. Default: all.'),
  })
  .meta({
    role: 'server',
    description: 'Server that speaks the Open Inference Protocol v2, such as MLServer and Triton.',
  })
