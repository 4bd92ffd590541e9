/** What to do about an error of composition, by the composer's code: about those that a team's own subgraph meets. */
const advice: Readonly<Record<string, string>> = {
  INVALID_FIELD_SHARING:
    'two subgraphs answer this field and one of them does not allow it: take the field out of yours, or give it another name',
  FIELD_TYPE_MISMATCH: 'give the field the type that the other subgraph has, or another name',
  FIELD_ARGUMENT_TYPE_MISMATCH: 'give the argument the type that the other subgraph has',
  TYPE_KIND_MISMATCH: 'the name is taken by another kind of type: give yours another name',
  ENUM_VALUE_MISMATCH: 'give the enumeration exactly the values that the other subgraph has, or another name',
  SATISFIABILITY_ERROR:
    'nothing leads to this field: give the type @key(fields: "id") and a reference resolver in the subgraph that has it',
  KEY_INVALID_FIELDS: 'the fields in @key must stand on the type, without arguments',
  KEY_FIELDS_SELECT_INVALID_TYPE: 'the fields in @key must be no unions, interfaces or lists: use "id"',
  EXTERNAL_MISSING_ON_BASE: 'no other subgraph has this field: take @external off it, or correct its name',
  EXTERNAL_TYPE_MISMATCH: 'give the field the type that its own subgraph has',
  REQUIRES_INVALID_FIELDS: 'the fields in @requires must stand on the type in this subgraph, marked @external',
  INTERFACE_FIELD_NO_IMPLEM: 'every type that implements the interface needs this field in one of its subgraphs',
  REFERENCED_INACCESSIBLE: 'take @inaccessible off: it hides the type in the whole graph',
  INVALID_GRAPHQL: 'correct the SDL; a directive of federation has to be imported by @link',
  INVALID_LINK_DIRECTIVE_USAGE: 'correct the @link of the schema',
  UNKNOWN_FEDERATION_LINK_VERSION: 'link a version of federation up to v2.12',
  UNKNOWN_LINK_VERSION: 'link a version that this gateway knows',
  DIRECTIVE_DEFINITION_INVALID: 'define the directive exactly as schema/common.graphql does',
  DIRECTIVE_COMPOSITION_ERROR: 'link the same major version of the directive’s specification as the other subgraphs',
  NO_QUERIES: 'give it at least one entity',
}

/** What to do about it. */
export const adviceFor = (code: string): string =>
  advice[code] ?? 'see the code in Apollo’s documentation of composition errors'

/** The schema coordinates that a message of the composer names in quotes. */
export function coordinatesIn(message: string): string[] {
  return [
    ...new Set([...message.matchAll(/"(@?[A-Za-z_]\w*(?:\.\w+(?:\(\w+:\))?)?)"/g)].map(([, found = '']) => found)),
  ]
}
