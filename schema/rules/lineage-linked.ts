import { type ConstDirectiveNode, type ConstValueNode, Kind, visit } from 'graphql'
import { directivesOf } from '../elements.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

const rule = 'lineage-linked'

/**
 * Composition keeps a directive of ours only where the subgraph links its specification and asks for it by
 * `@composeDirective`; without, it drops the directive silently and the lineage walk loses the edge.
 */
export function lineageLinked(subgraphs: readonly Subgraph[]): Problem[] {
  return subgraphs.flatMap((subgraph) => {
    const use = firstUse(subgraph)
    if (!use) return []
    const onSchema = subgraph.typeDefs.definitions.flatMap((node) =>
      node.kind === Kind.SCHEMA_EXTENSION || node.kind === Kind.SCHEMA_DEFINITION ? [node] : [],
    )
    const linked = onSchema.flatMap((node) => directivesOf(node, 'link')).some(linksLineage)
    const composed = onSchema
      .flatMap((node) => directivesOf(node, 'composeDirective'))
      .some((directive) => isText(argument(directive, 'name'), /^@lineage$/))
    const missing = [
      ...(linked ? [] : ['@link(url: "https://modelops.example/lineage/v1.0", import: ["@lineage"])']),
      ...(composed ? [] : ['@composeDirective(name: "@lineage")']),
    ]
    if (missing.length === 0) return []
    return [
      problemAt(
        use,
        rule,
        '@lineage',
        `@lineage in ${subgraph.name} would be dropped by composition without a word. ` +
          `Add to schema/${subgraph.name}.graphql: extend schema ${missing.join(' ')}`,
      ),
    ]
  })
}

function firstUse({ typeDefs }: Subgraph): ConstDirectiveNode | undefined {
  const uses: ConstDirectiveNode[] = []
  visit(typeDefs, {
    FieldDefinition: (field) => {
      uses.push(...directivesOf(field, 'lineage'))
    },
  })
  return uses[0]
}

function linksLineage(link: ConstDirectiveNode): boolean {
  const imports = argument(link, 'import')
  return (
    isText(argument(link, 'url'), /\/lineage\/v\d+\.\d+$/) &&
    imports?.kind === Kind.LIST &&
    imports.values.some((value) => isText(value, /^@lineage$/))
  )
}

const argument = (directive: ConstDirectiveNode, name: string) =>
  directive.arguments?.find((candidate) => candidate.name.value === name)?.value

const isText = (value: ConstValueNode | undefined, pattern: RegExp) =>
  value?.kind === Kind.STRING && pattern.test(value.value)
