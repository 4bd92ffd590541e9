import { z } from 'zod'
import { sourceReference, text } from '#lib/config/options.ts'
import { labelsOption } from '../labels.ts'

/** Options of a source of kind `mlflow-scoring`. */
export const mlflowScoringOptions = z
  .object({
    environment: text().optional().describe('Name of the environment that the server serves.'),
    labels: labelsOption(),
    serves: z
      .strictObject({
        registry: sourceReference('registry').optional().describe('Id of the source that has the model.'),
        model: text().describe('Name of the model in the registry.'),
        version: text().optional().describe('Its version.'),
      })
      .optional()
      .describe('What it serves, since the server does not tell.'),
  })
  .meta({ role: 'server', description: "MLflow's own scoring server, which tells nothing of its model." })
