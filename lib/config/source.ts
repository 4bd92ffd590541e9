import { z } from 'zod'
import { milliseconds, secretText, serverUrl, slug, text } from './options.ts'

/** The ways to show credentials. */
export const auth = z
  .strictObject({
    basic: z
      .strictObject({
        username: z
          .string()
          .regex(/^[^:]+$/, { error: 'text without a colon' })
          .describe('Name of the account.'),
        password: secretText().describe('Password of the account.'),
      })
      .optional()
      .describe('HTTP Basic authentication.'),
    bearer: secretText().optional().describe('Token that is sent as `Authorization: Bearer …`.'),
    header: z
      .strictObject({
        name: z
          .string()
          .regex(/^[\w!#$%&'*+.^`|~-]+$/, { error: 'the name of a header' })
          .describe('Name of the header.'),
        value: secretText().describe('Its value.'),
      })
      .optional()
      .describe('One header of your choice, for tools with a scheme of their own.'),
  })
  .refine((value) => [value.basic, value.bearer, value.header].filter((way) => way !== undefined).length === 1, {
    error: 'exactly one of: basic, bearer, header',
    when: ({ value }) => typeof value === 'object' && value !== null,
  })
  .transform(({ basic, bearer, header }) => {
    if (basic) return { basic }
    if (bearer) return { bearer }
    if (header) return { header }
    return z.NEVER
  })
  .meta({ secret: true, expected: 'a map with exactly one of: basic, bearer, header' })
  .describe('Credentials that every request to the source carries: exactly one of the three ways.')

const tls = z
  .strictObject({
    caFile: text()
      .optional()
      .describe('PEM file of the certificate authority to trust, relative to the folder of the configuration file.'),
    insecure: z
      .boolean()
      .default(false)
      .describe('true: do not verify the certificate. Anybody between the gateway and the source can then read along.'),
  })
  .refine((value) => !(value.insecure && value.caFile !== undefined), {
    error: 'either "caFile" or "insecure: true", since a certificate that is not verified needs no authority',
  })
  .describe('How the certificate of an https source is verified. Default: by the authorities that Node knows.')

/** Options that every source has, whatever its kind. */
export const commonSource = z.strictObject({
  id: slug().describe(
    'Name of the source in ids, links and errors. Unique. Ids of everything read from the source hold it.',
  ),
  kind: text().describe('What the tool is; it decides which further options the source has.'),
  title: text().optional().describe('Name to show to people. Default: the id.'),
  url: serverUrl().describe('Address of the tool, http or https, without credentials.'),
  formerly: z
    .array(slug())
    .default([])
    .describe('Ids that this source had before: ids with them are read as ids of this source.'),
  auth: auth.optional(),
  tls: tls.optional(),
  timeouts: z
    .strictObject({
      connectTimeout: milliseconds().optional().describe('Milliseconds, instead of `http.connectTimeout`.'),
      requestTimeout: milliseconds().optional().describe('Milliseconds, instead of `http.requestTimeout`.'),
      indexTimeout: milliseconds().optional().describe('Milliseconds, instead of `http.indexTimeout`.'),
    })
    .optional()
    .describe('Time limits for this source, where those under `http` do not fit.'),
})
