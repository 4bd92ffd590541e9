import { printSchema, Supergraph } from '@apollo/federation-internals'
import { buildASTSchema, buildSchema, type GraphQLSchema, Kind, parse } from 'graphql'

/** The graph as rules see it. */
export interface RuleGraph {
  /** What clients see: fragments are validated against it. */
  readonly schema: GraphQLSchema
  /** Whether null of a field means that there is none (`@null(means: NONE)`), and not that it is not known. */
  nullMeansNone(type: string, field: string): boolean
  /** The field beside a field that has to have nothing in its `incomplete` for null to mean so (`unless`); undefined: there is none. */
  nullUnless(type: string, field: string): string | undefined
  /** Everything, also what clients do not see: what `requires` speaks of. */
  readonly whole: GraphQLSchema
  /** Selections that the field's own subgraph needs of others (`@requires`). */
  requires(type: string, field: string): readonly string[]
}

/** Reads a composed graph. */
export function readRuleGraph(supergraphSdl: string): RuleGraph {
  const document = parse(supergraphSdl, { noLocation: true })
  const none = new Set<string>()
  const unless = new Map<string, string>()
  const requires = new Map<string, string[]>()
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION && definition.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue
    for (const field of definition.fields ?? []) {
      const key = `${definition.name.value}.${field.name.value}`
      for (const { name, arguments: given = [] } of field.directives ?? []) {
        const argument = (wanted: string) => given.find((one) => one.name.value === wanted)?.value
        const [means, needs, guard] = [argument('means'), argument('requires'), argument('unless')]
        if (name.value === 'null' && means?.kind === Kind.ENUM && means.value === 'NONE') none.add(key)
        if (name.value === 'null' && guard?.kind === Kind.STRING) unless.set(key, guard.value)
        if (name.value === 'join__field' && needs?.kind === Kind.STRING) {
          requires.set(key, [...(requires.get(key) ?? []), needs.value])
        }
      }
    }
  }
  return {
    schema: buildSchema(printSchema(Supergraph.build(supergraphSdl).apiSchema())),
    whole: buildASTSchema(document, { assumeValidSDL: true }),
    nullMeansNone: (type, field) => none.has(`${type}.${field}`),
    nullUnless: (type, field) => unless.get(`${type}.${field}`),
    requires: (type, field) => requires.get(`${type}.${field}`) ?? [],
  }
}
