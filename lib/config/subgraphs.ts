import { z } from 'zod'
import { serverUrl, slug, text } from './options.ts'
import { auth } from './source.ts'

const subgraph = z
  .strictObject({
    name: slug().describe('Name of the subgraph in errors and in the composed graph. Unique.'),
    url: serverUrl().describe(
      'Address at which it answers GraphQL, such as `http://features.example/graphql`, without credentials.',
    ),
    schema: text()
      .optional()
      .describe(
        'File with its schema, relative to the folder of the configuration file. Default: what it tells itself (`_service { sdl }`) when the gateway starts; while it is silent then, what it told last, kept in `.modelops/subgraphs` beside the configuration file. A schema that changes counts from the next start: the lineage that is walked, the types that are found by id, and what rules may ask are made of it then.',
      ),
    auth: auth
      .optional()
      .describe(
        'Credentials that every request to it carries, instead of the token by which the gateway vouches for its caller.',
      ),
  })
  .describe('A subgraph of a team, a server that speaks Apollo Federation 2.')

/** Subgraphs that are not the project's own. */
export const subgraphs = z
  .array(subgraph)
  .default([])
  .describe(
    [
      'Subgraphs of your own teams, composed with ours when the gateway starts. They add types, and fields to ours by `@key(fields: "id")`. What they add is walked by `lineage` where it is marked `@lineage`, found by `node(id:)` where its type implements `Node` and its ids start with the name of the type and a colon, and can be read by rules. One that does not compose is left out, or goes on as it last did, and the reason is told in the log, by `/health/ready` and by `modelops check`.',
      'Where the gateway has an internal key (`MODELOPS_INTERNAL_KEY`, as in `modelops key --internal`), requests carry a token that names the caller, is meant for that one subgraph and ends after 60 seconds; `/.well-known/jwks.json` has the public half. Which of its data a caller may see is up to the subgraph. With `gateway.supergraph`, that file is taken as it is, and this section only says where subgraphs are.',
    ].join('\n\n'),
  )
