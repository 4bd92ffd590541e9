import { z } from 'zod'
import { slug, sourceReference, text } from './options.ts'

const datasetName = () =>
  z.strictObject({
    namespace: text().describe('OpenLineage namespace, such as `s3://bucket` or `postgres://host:5432`.'),
    name: text().describe('OpenLineage name within it, such as `database.schema.table`.'),
  })

const statement = z
  .strictObject({
    location: text()
      .optional()
      .describe('What a run recorded as the place that it read: a path, an address or the name of a table.'),
    input: text()
      .optional()
      .describe(
        'What a run called a dataset of which it recorded no place, or one that has no name, such as a path on a disk.',
      ),
    named: datasetName().optional().describe('What a tool calls it.'),
    is: datasetName().describe('The dataset that this is.'),
  })
  .refine(({ location, input, named }) => [location, input, named].filter((one) => one !== undefined).length === 1, {
    error: 'exactly one of: location, input, named',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .meta({ expected: 'a map with "is" and exactly one of: location, input, named' })
  .describe('One statement: what is written so is that dataset.')

/** Which datasets are meant, where tools' own words do not tell. */
export const datasets = z
  .array(statement)
  .default([])
  .describe(
    'Which dataset is meant where what a tool writes has no OpenLineage name, or another one than the rest of the company uses.',
  )

const application = z
  .strictObject({
    id: slug().describe('Unique among applications; ids of the graph hold it.'),
    name: text().describe('Name to show.'),
    kind: z
      .enum(['dashboard', 'service', 'report', 'data-product', 'decision', 'other'])
      .default('other')
      .describe('What people work with.'),
    owner: text().optional().describe('Who answers for it: the id of an entry of `people`, or a name.'),
    domain: text().optional().describe('Business domain.'),
    criticality: text().optional().describe('How much depends on it, in the words of the company.'),
    description: text().optional().describe('What it does.'),
    webUrl: z
      .httpUrl()
      .optional()
      .meta({ expected: 'an address that starts with http:// or https://' })
      .describe('Where it is.'),
    endpoints: z
      .array(
        z.strictObject({
          source: sourceReference('server').describe('Id of the source.'),
          key: text()
            .default('server')
            .describe('Last part of the endpoint’s id. `server`: the server is the endpoint.'),
        }),
      )
      .default([])
      .describe('Endpoints that it stands on.'),
    models: z
      .array(
        z.strictObject({
          registry: sourceReference('registry').describe('Id of the source that has the model.'),
          name: text().describe('Name of the model there.'),
        }),
      )
      .default([])
      .describe('Registered models that it stands on.'),
    datasets: z.array(datasetName()).default([]).describe('Datasets that it stands on.'),
  })
  .describe('A business application.')

/** Applications that no tool knows. */
export const applications = z
  .array(application)
  .default([])
  .describe('What people work with and what it stands on, since few companies have that in a tool.')
