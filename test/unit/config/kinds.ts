import { z } from 'zod'
import { sourceReference, text, texts } from '#lib/config/options.ts'

/** Kinds of source as adapters state them, for tests and, until there are adapters, for the reference. */
export const kinds = {
  mlflow: z.object({}).meta({ role: 'registry', description: 'MLflow tracking server with its model registry.' }),
  'open-inference': z
    .object({
      environment: text().optional().describe('Name of the environment that the server serves.'),
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
    }),
  'mlflow-scoring': z
    .object({
      environment: text().optional().describe('Name of the environment that the server serves.'),
      serves: z
        .strictObject({
          registry: sourceReference('registry').optional().describe('Id of the source that has the model.'),
          model: text().describe('Name of the model in the registry.'),
          version: text().optional().describe('Its version.'),
        })
        .optional()
        .describe('What it serves, since the server does not tell.'),
    })
    .meta({ role: 'server', description: "MLflow's own scoring server, which tells nothing of its model." }),
}
