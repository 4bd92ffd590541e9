import { isTypeDefinitionNode, Kind } from 'graphql'
import { elementsOf, type SchemaElement } from '../coordinates.ts'
import { type Problem, problemAt } from '../problem.ts'
import type { Subgraph } from '../subgraphs.ts'

const rule = 'naming'

const upper = { words: 'UPPER_CASE', pattern: /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/ }
const pascal = { words: 'PascalCase', pattern: /^[A-Z][A-Za-z0-9]*$/ }
const camel = { words: 'camelCase', pattern: /^[a-z][A-Za-z0-9]*$/ }

/** One way of writing names, so that a reader can guess them; a field is named for what it is, not for fetching it. */
export function naming(subgraphs: readonly Subgraph[]): Problem[] {
  return subgraphs
    .flatMap((subgraph) => elementsOf(subgraph.typeDefs))
    .filter(({ node }) => !isForeign(node.name.value))
    .flatMap((element) => {
      const fault = faultOf(element)
      return fault ? [problemAt(element.node, rule, element.coordinate, `${element.coordinate} ${fault}`)] : []
    })
}

function faultOf({ node }: SchemaElement): string | undefined {
  const name = node.name.value
  const style = node.kind === Kind.ENUM_VALUE_DEFINITION ? upper : isTypeDefinitionNode(node) ? pascal : camel
  if (!style.pattern.test(name)) return `is not ${style.words}: rename it`
  const prefix = /^(get|list)(?=[A-Z])/.exec(name)?.[0]
  if (node.kind === Kind.FIELD_DEFINITION && prefix) return `begins with "${prefix}": name the thing, not the fetching`
  return undefined
}

/** Names with a specification's prefix, such as `lineage__Direction`, are that specification's to choose. */
const isForeign = (name: string) => name.includes('__')
