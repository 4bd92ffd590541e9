import { z } from 'zod'
import { sourceReference, text } from './options.ts'

/** Option of a catalog that groups models by the service it read them from. */
export const modelServices = () =>
  z
    .record(text(), sourceReference('registry'))
    .default({})
    .describe(
      'Id of the registry that each ML model service stands for, such as `{ mlflow_prod: mlflow }`: what is said of its models is then said of those of the same name in the registry. Of other services it is shown as a guess, and decides nothing.',
    )

/** Option of a catalog that has registered models of its own. */
export const modelsRegistry = () =>
  sourceReference('registry')
    .optional()
    .describe(
      'Id of the registry whose models its registered models are, by their full name, or by the last part of it where only one has that. Default: what it says of models is shown as a guess, and decides nothing.',
    )
