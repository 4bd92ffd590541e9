import { type DefinitionNode, type DocumentNode, isTypeExtensionNode, Kind, visit } from 'graphql'

/** The name a definition can be referred to by; directives are kept apart from types by their `@`. */
function nameOf(definition: DefinitionNode): string | undefined {
  if (definition.kind === Kind.DIRECTIVE_DEFINITION) return `@${definition.name.value}`
  return 'name' in definition ? definition.name?.value : undefined
}

/** Names of the types and directives a definition uses: what it extends too, and `@x` in `@composeDirective(name: "@x")`. */
function referencesOf(definition: DefinitionNode): string[] {
  const found = isTypeExtensionNode(definition) ? [definition.name.value] : []
  visit(definition, {
    NamedType: (node) => {
      found.push(node.name.value)
    },
    Directive: (node) => {
      found.push(`@${node.name.value}`)
      if (node.name.value !== 'composeDirective') return
      for (const { value } of node.arguments ?? []) if (value.kind === Kind.STRING) found.push(value.value)
    },
  })
  return found
}

/**
 * A subgraph's whole document: its own definitions, and of the common ones those it reaches, directly or through others.
 * What it does not reach stays out, so that the supergraph does not say that every subgraph knows every type.
 * Throws when a name is defined in both: it would compose, and the two would drift apart.
 */
export function withReachableDefinitions(own: DocumentNode, common: DocumentNode): DocumentNode {
  const available = new Map(common.definitions.map((definition) => [nameOf(definition), definition]))
  for (const definition of own.definitions) {
    const name = nameOf(definition)
    if (name === undefined || !available.has(name) || !isDefinition(definition)) continue
    throw new Error(
      `${name} is defined in ${definition.loc?.source.name} and in ${available.get(name)?.loc?.source.name}: ` +
        'keep it in the common file where several subgraphs use it, else in the one that does',
    )
  }
  const reached = new Set<DefinitionNode>()
  const open: DefinitionNode[] = [...own.definitions]
  for (let definition = open.pop(); definition; definition = open.pop()) {
    for (const reference of referencesOf(definition)) {
      const target = available.get(reference)
      if (!target || reached.has(target)) continue
      reached.add(target)
      open.push(target)
    }
  }
  const shared = common.definitions.filter((definition) => reached.has(definition))
  return { kind: Kind.DOCUMENT, definitions: [...own.definitions, ...shared] }
}

/** Extensions of a common type are allowed: they add to it instead of repeating it. */
function isDefinition(definition: DefinitionNode): boolean {
  return definition.kind.endsWith('Definition')
}
