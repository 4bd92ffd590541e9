import { isInferred, type Lineage, linkText, missingIn, shorthand } from './lineage.ts'

/**
 * A walk as a Mermaid flowchart. What is missing is a note at the thing where it is missing, or one beside them all; what
 * is inferred is dotted.
 */
export function toMermaid(lineage: Lineage): string {
  const { nodes, edges } = lineage
  const { names, notes } = shorthand(lineage)
  return [
    'flowchart LR',
    `%% incomplete: ${missingIn(lineage)}`,
    ...nodes.map(({ id, type, label, truncated }) => {
      return `  ${names.get(id)}["${escaped(label)}<br/>${escaped(type)}"]${truncated ? ':::truncated' : ''}`
    }),
    ...edges.map((edge) => {
      const link = linkText(edge)
      const arrow = isInferred(edge) ? '-.->' : '-->'
      const label = link === undefined ? '' : `|"${escaped(link)}"|`
      return `  ${names.get(edge.from)} ${arrow}${label} ${names.get(edge.to)}`
    }),
    ...notes.flatMap(({ at, text }, i) => [
      `  i${i}["incomplete: ${escaped(text)}"]:::incomplete`,
      ...(at === undefined ? [] : [`  ${at} -.- i${i}`]),
    ]),
    '  classDef truncated stroke-dasharray: 4',
    '  classDef incomplete stroke-dasharray: 2,fill:#fff',
    '',
  ].join('\n')
}

/**
 * Text within quotes. Mermaid ends it at a quote, reads `#…;` as a character, backticks as Markdown and the rest as HTML,
 * so all but letters, digits and what means nothing anywhere is written as the number of its character.
 */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|\n/g, ' ')
    .replace(/\p{Cc}/gu, '\ufffd')
    .replace(/[^\p{L}\p{N}\p{M} .,:/()=+@\ufffd-]/gu, (mark) => `#${mark.codePointAt(0)};`)
}
