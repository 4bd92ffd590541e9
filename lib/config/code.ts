import { z } from 'zod'
import { repositoryAddress } from '../repository-url.ts'
import { sourceReference, text } from './options.ts'

const EXPECTED = 'the address of a repository on a host, such as https://host/owner/name'

/** `code`: what runs are made from, where they record a commit and no repository. */
export const code = z
  .array(
    z
      .strictObject({
        registry: sourceReference('registry').describe('Id of the source that keeps the runs.'),
        model: text()
          .optional()
          .describe(
            'Name of the registered model that they made versions of. Goes before what is said of their experiment.',
          ),
        experiment: text()
          .optional()
          .describe('Name of their experiment. Default, without a model: every one that no other entry names.'),
        repository: text()
          .refine((value) => repositoryAddress(value) !== undefined, { error: EXPECTED })
          .meta({ expected: EXPECTED })
          .describe('Address of the repository, as any git client takes it.'),
      })
      .refine(({ model, experiment }) => model === undefined || experiment === undefined, {
        error: 'either a model or an experiment',
        path: ['experiment'],
      }),
  )
  .default([])
  .describe(
    'Repositories of runs that record a commit and no repository, as MLflow does outside of projects. Default: the commit is looked for in the repositories that forges list under `repositories`.',
  )
