import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { tableOf } from './reference-table.ts'
import type { Kinds } from './schema.ts'
import { settings } from './settings.ts'
import { commonSource } from './source.ts'

const INTRODUCTION = `# Configuration

<!-- Generated from the schemas in lib/config and of each kind of source; \`npm test\` fails when it is stale. -->

The gateway reads the first of these that is there:

1. the file that \`--config FILE\` names;
2. the file that the environment variable \`MODELOPS_CONFIG\` names;
3. \`modelops.yaml\` in the current folder;
4. \`MLFLOW_TRACKING_URI\`: that MLflow server and nothing else, with the variables in [the last section](#from-mlflows-variables);
5. none: the demonstration company is shown.

A file is validated as a whole. Every error is told at once, as \`FILE:LINE:COLUMN: OPTION: found …, expected …\`; only where the
text is not YAML, that comes first. Secrets and values of environment variables are in no error.

In each value, \`\${NAME}\` stands for an environment variable, also within a longer text; one that is not set or empty is an error.
\`$$\` is a dollar sign. Within \`{ }\` and \`[ ]\`, YAML wants quotes around it: \`{ bearer: "\${TOKEN}" }\`.
`

const VARIABLES = `## From MLflow's variables

With \`MLFLOW_TRACKING_URI\` and no file, these are read as MLflow's own client reads them. Together with a file, the file wins.

| Variable | Meaning |
|---|---|
| \`MLFLOW_TRACKING_URI\` | http or https address of the tracking server. \`https://user:password@host\` gives credentials, before all others. |
| \`MLFLOW_TRACKING_USERNAME\`, \`MLFLOW_TRACKING_PASSWORD\` | HTTP Basic authentication; both together beat the token. |
| \`MLFLOW_TRACKING_TOKEN\` | Bearer token. |
| \`MLFLOW_TRACKING_INSECURE_TLS\` | \`true\` or \`1\`: do not verify the certificate. |
| \`MLFLOW_TRACKING_SERVER_CERT_PATH\` | PEM file of the certificate authority. Not together with the one before. |
`

/** The reference of `modelops.yaml` as Markdown, for these kinds of source. */
export function configurationReference(kinds: Kinds): string {
  const sample = readFileSync(join(import.meta.dirname, 'sample.yaml'), 'utf8')
  const { sources, ...sections } = settings.shape
  return [
    INTRODUCTION,
    `## Everything in one file\n\n\`\`\`yaml\n${sample}\`\`\`\n`,
    `## sources\n\n${description(sources)}\n\nOptions of every source:\n\n${tableOf(commonSource)}`,
    ...Object.entries(kinds).map(([kind, schema]) => {
      const table = tableOf(schema) || 'No further options.\n'
      return `### kind: ${kind}\n\n${description(schema)}\n\n${table}`
    }),
    ...Object.entries(sections).map(([name, schema]) => `## ${name}\n\n${description(schema)}\n\n${tableOf(schema)}`),
    VARIABLES,
  ].join('\n')
}

const description = (schema: z.ZodType): string => z.toJSONSchema(schema, { io: 'input' }).description ?? ''

if (import.meta.main) {
  // The kinds are the adapters', which lib does not know: the caller names the module that exports them as `kinds`.
  const [module = ''] = process.argv.slice(2)
  const { kinds } = await import(pathToFileURL(resolve(module)).href)
  process.stdout.write(configurationReference(kinds))
}
