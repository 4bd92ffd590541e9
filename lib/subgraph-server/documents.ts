import { type DocumentNode, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql'
import { LRUCache } from 'lru-cache'

/** A document that can be executed, or why it cannot. */
export type Read = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] }

/** Parses and validates documents against a schema, each text once: those of a gateway's plans come again and again. */
export function createReader(schema: GraphQLSchema): (text: string) => Read {
  const known = new LRUCache<string, Read>({ max: 1_000 })
  return (text) => {
    const before = known.get(text)
    if (before) return before
    const read = readAnew(schema, text)
    known.set(text, read)
    return read
  }
}

function readAnew(schema: GraphQLSchema, text: string): Read {
  try {
    const document = parse(text, { noLocation: true })
    const errors = validate(schema, document)
    return errors.length > 0 ? { errors } : { document }
  } catch (error) {
    return { errors: [error as GraphQLError] }
  }
}
