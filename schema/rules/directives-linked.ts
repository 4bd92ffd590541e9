import { type ConstDirectiveNode, type ConstValueNode, Kind, visit } from 'graphql'
import { directivesOf } from '../elements.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

/** `lineage-linked` and `null-linked`: what composition would drop otherwise. */
export const lineageLinked = (subgraphs: readonly Subgraph[]): Problem[] => linked(subgraphs, 'lineage')
export const nullLinked = (subgraphs: readonly Subgraph[]): Problem[] => linked(subgraphs, 'null')

/**
 * Composition keeps a directive of ours only where the subgraph links its specification and asks for it by
 * `@composeDirective`; without, it drops the directive silently: the lineage walk loses the edge, and rules take null that
 * means none for null that means not known.
 */
function linked(subgraphs: readonly Subgraph[], name: string): Problem[] {
  const isDirective = (value: ConstValueNode | undefined) => isText(value, new RegExp(`^@${name}$`))
  const links = (link: ConstDirectiveNode): boolean => {
    const imports = argument(link, 'import')
    return (
      isText(argument(link, 'url'), new RegExp(`/${name}/v\\d+\\.\\d+$`)) &&
      imports?.kind === Kind.LIST &&
      imports.values.some(isDirective)
    )
  }
  return subgraphs.flatMap((subgraph) => {
    const use = firstUse(subgraph, name)
    if (!use) return []
    const onSchema = subgraph.typeDefs.definitions.flatMap((node) =>
      node.kind === Kind.SCHEMA_EXTENSION || node.kind === Kind.SCHEMA_DEFINITION ? [node] : [],
    )
    const isLinked = onSchema.flatMap((node) => directivesOf(node, 'link')).some(links)
    const composed = onSchema
      .flatMap((node) => directivesOf(node, 'composeDirective'))
      .some((directive) => isDirective(argument(directive, 'name')))
    const missing = [
      ...(isLinked ? [] : [`@link(url: "https://modelops.example/${name}/v1.0", import: ["@${name}"])`]),
      ...(composed ? [] : [`@composeDirective(name: "@${name}")`]),
    ]
    if (missing.length === 0) return []
    return [
      problemAt(
        use,
        `${name}-linked`,
        `@${name}`,
        `@${name} in ${subgraph.name} would be dropped by composition without a word. ` +
          `Add to schema/${subgraph.name}.graphql: extend schema ${missing.join(' ')}`,
      ),
    ]
  })
}

function firstUse({ typeDefs }: Subgraph, name: string): ConstDirectiveNode | undefined {
  const uses: ConstDirectiveNode[] = []
  visit(typeDefs, {
    FieldDefinition: (field) => {
      uses.push(...directivesOf(field, name))
    },
  })
  return uses[0]
}

const argument = (directive: ConstDirectiveNode, name: string) =>
  directive.arguments?.find((candidate) => candidate.name.value === name)?.value

const isText = (value: ConstValueNode | undefined, pattern: RegExp) =>
  value?.kind === Kind.STRING && pattern.test(value.value)
