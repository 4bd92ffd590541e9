import { isInferred, type Lineage, linkText, missingIn, shorthand } from './lineage.ts'

/**
 * A walk in Graphviz' DOT. What is missing is a note at the thing where it is missing, or one beside them all; what is
 * inferred is dashed.
 */
export function toDot(lineage: Lineage): string {
  const { nodes, edges } = lineage
  const { names, notes } = shorthand(lineage)
  return [
    `// incomplete: ${missingIn(lineage)}`,
    'digraph lineage {',
    '  rankdir=LR;',
    '  node [shape=box];',
    ...nodes.map(({ id, type, label, truncated }) => {
      const style = truncated ? ', style=dashed' : ''
      return `  ${names.get(id)} [label=${quoted(`${label}\n${type}`)}, tooltip=${quoted(id)}${style}];`
    }),
    ...edges.map((edge) => {
      const link = linkText(edge)
      const label =
        link === undefined ? '' : `, label=${quoted(link)}, edgetooltip=${quoted(edge.link?.evidence ?? '')}`
      const style = isInferred(edge) ? ', style=dashed' : ''
      return `  ${names.get(edge.from)} -> ${names.get(edge.to)} [tooltip=${quoted(edge.field)}${label}${style}];`
    }),
    ...notes.flatMap(({ at, text }, i) => [
      `  i${i} [shape=note, label=${quoted(`incomplete: ${text}`)}];`,
      ...(at === undefined ? [] : [`  ${at} -> i${i} [dir=none, style=dotted];`]),
    ]),
    '}',
    '',
  ].join('\n')
}

/**
 * A string of DOT that shows this text: within quotes, Graphviz reads escapes (`\N` is the name of the node) and HTML's
 * entities.
 */
function quoted(text: string): string {
  const escaped = text
    .toWellFormed()
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('&', '&amp;')
    .replace(/\r\n?|\n/g, '\\n')
    .replace(/\p{Cc}/gu, '\ufffd')
  return `"${escaped}"`
}
