import { z } from 'zod'
import { access } from './access.ts'
import { applications, datasets } from './catalog.ts'
import { code } from './code.ts'
import { delivery } from './delivery.ts'
import { governance } from './governance.ts'
import { health } from './health.ts'
import { cache, gateway, http, index } from './limits.ts'
import { notifications } from './notifications.ts'
import { slug, sourceReference, text, texts } from './options.ts'
import { state } from './state.ts'
import { subgraphs } from './subgraphs.ts'
import { telemetry } from './telemetry.ts'

const production = z
  .strictObject({
    aliases: texts()
      .default(['champion', 'production'])
      .describe('Registry aliases that mean "in production", in order: the first that a model has decides.'),
    stages: texts().default(['Production']).describe('Registry stages that mean it, in order. An alias beats a stage.'),
  })
  .describe('Which version of a model is declared to be in production.')

const environments = z
  .strictObject({
    production: texts()
      .default(['production', 'prod'])
      .describe('Names of environments that count as production, whatever their case.'),
  })
  .describe('What the environments are called that sources state.')

const tags = z
  .strictObject({
    owner: texts().default(['owner']).describe('Tags that name who answers for a model, person or team.'),
    team: texts().default(['team']).describe('Tags that name the team that answers for a model.'),
    domain: texts().default(['domain']).describe('Tags that name the business domain of a model.'),
    purpose: texts().default(['purpose', 'use_case']).describe('Tags that say what a model is for.'),
    commit: texts()
      .default(['mlflow.source.git.commit'])
      .describe('Tags that hold the SHA of the commit a run was made from.'),
    repository: texts().default(['mlflow.source.git.repoURL']).describe('Tags that hold the URL of its repository.'),
    branch: texts().default(['mlflow.source.git.branch']).describe('Tags that hold its branch.'),
    pipelineRun: texts().default([]).describe('Tags that hold the URL of the CI run that trained or registered.'),
    classification: texts()
      .default(['classification', 'data_classification'])
      .describe('Tags and properties of datasets and columns whose value is a classification.'),
    classified: texts()
      .default(['pii', 'pci', 'phi', 'personal_data'])
      .describe(
        'Tags and properties of datasets and columns that are a classification by themselves, whatever their case, unless their value is false.',
      ),
    deprecated: texts()
      .default(['deprecated'])
      .describe(
        'Tags and properties that say that a dataset should not be used any more, unless their value is false.',
      ),
  })
  .describe(
    'Which tags of models, versions, runs and datasets mean what. Of several that are set, the first in the list decides.',
  )

const link = z
  .strictObject({
    served: z
      .strictObject({
        source: sourceReference('server').describe('Id of the source that serves the model.'),
        model: text().describe('Name of the model, as the server calls it.'),
        version: text().optional().describe('Version, as the server calls it. Default: every version.'),
      })
      .describe('What a server serves.'),
    is: z
      .strictObject({
        registry: sourceReference('registry').describe('Id of the source that has the model in its registry.'),
        model: text().describe('Name of the model, as the registry calls it.'),
        version: text()
          .optional()
          .describe('Version, as the registry calls it. Default: the version that the server tells.'),
      })
      .describe('Which registered model and version that is.'),
  })
  .describe('One statement: what this server calls model X version Y is model M version V of that registry.')

const person = z
  .strictObject({
    id: slug().describe('Unique among people.'),
    name: text().describe('Name to show.'),
    kind: z.enum(['person', 'team']).describe('One person, or a team.'),
    logins: z
      .strictObject({
        identityProvider: texts().default([]).describe('Subjects or user names at the identity provider.'),
        mlflow: texts().default([]).describe('User names in MLflow, as in the tag `mlflow.user`.'),
        git: texts().default([]).describe('Names or e-mail addresses that commits carry.'),
        forge: texts().default([]).describe('User names at the forge (GitHub, GitLab, Gitea).'),
      })
      .prefault({})
      .describe('What they are called in each system. One login belongs to one entry.'),
  })
  .describe('A person or team.')

/** Everything of `modelops.yaml` but the sources, whose options depend on their kind. Each default stands here and nowhere else. */
export const settings = z.strictObject({
  sources: z
    .array(z.unknown())
    .min(1)
    .describe('The tools to read. Each has an id of its own: two MLflow servers are two sources.'),
  production: production.prefault({}),
  environments: environments.prefault({}),
  tags: tags.prefault({}),
  links: z
    .array(link)
    .default([])
    .describe('Links that no tool declares, or that overrule what would be matched by name.'),
  code,
  datasets,
  applications,
  people: z
    .array(person)
    .default([])
    .describe('Who is who across systems. Who is in no entry is told apart by login only.'),
  subgraphs,
  health: health.prefault({}),
  delivery: delivery.prefault({}),
  notifications,
  governance: governance.prefault({}),
  state: state.prefault({}),
  http: http.prefault({}),
  index: index.prefault({}),
  cache: cache.prefault({}),
  gateway: gateway.prefault({}),
  telemetry: telemetry.prefault({}),
  access,
})
