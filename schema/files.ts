import { join } from 'node:path'

/** The folder that holds `schema/` and `services/`; the names of files below are relative to it. */
export const projectRoot = join(import.meta.dirname, '..')

/** The composed graph, committed: what the gateway starts from. */
export const supergraphFile = 'schema/supergraph.graphql'

/** Breaks the project has decided to make, one a line in the words of the check; `#` begins a comment. */
export const acceptedFile = 'schema/accepted-breaking-changes.txt'

/** A subgraph's contract. */
export const contractFile = (name: string): string => `schema/${name}.graphql`

/** A subgraph's generated types, committed. */
export const typesFile = (name: string): string => `services/${name}/schema.generated.ts`

/** Generated types of what subgraphs share, committed. */
export const commonTypesFile = 'lib/common.generated.ts'
