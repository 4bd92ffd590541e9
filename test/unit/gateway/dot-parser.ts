/** A statement of a graph: a node, or an edge with `to`. */
export interface DotStatement {
  readonly name: string
  readonly to?: string
  readonly attributes: Readonly<Record<string, string>>
}

type Token = { readonly mark: string } | { readonly id: string }

/**
 * Reads the part of Graphviz' DOT that a digraph of nodes and edges is written in, as the documented grammar has it
 * (https://graphviz.org/doc/info/lang.html). Throws where the text is not of that language. Quoted attributes come back as
 * what Graphviz shows: its escapes and HTML's entities read.
 */
export function parseDot(text: string): DotStatement[] {
  const tokens = tokensOf(text)
  let at = 0
  const next = () => tokens[at++]
  const isMark = (token: Token | undefined, mark: string) =>
    token !== undefined && 'mark' in token && token.mark === mark
  const expectMark = (mark: string) => {
    const token = next()
    if (!isMark(token, mark)) throw new Error(`expected ${mark}, found ${JSON.stringify(token)}`)
  }
  const expectId = () => {
    const token = next()
    if (!token || !('id' in token)) throw new Error(`expected an id, found ${JSON.stringify(token)}`)
    return token.id
  }
  if (expectId() !== 'digraph') throw new Error('expected digraph')
  expectId()
  expectMark('{')
  const statements: DotStatement[] = []
  while (!isMark(tokens[at], '}')) {
    const name = expectId()
    const attributes: Record<string, string> = {}
    if (isMark(tokens[at], '=')) {
      next()
      expectId()
      expectMark(';')
      continue
    }
    const isEdge = isMark(tokens[at], '->')
    if (isEdge) next()
    const to = isEdge ? expectId() : undefined
    if (isMark(tokens[at], '[')) {
      next()
      while (!isMark(tokens[at], ']')) {
        const key = expectId()
        expectMark('=')
        attributes[key] = shown(expectId())
        if (isMark(tokens[at], ',')) next()
      }
      next()
    }
    expectMark(';')
    if (name !== 'node') statements.push({ name, ...(to !== undefined && { to }), attributes })
  }
  expectMark('}')
  if (at !== tokens.length) throw new Error('there is text behind the graph')
  return statements
}

function tokensOf(text: string): Token[] {
  // A comment, a mark, a quoted string (in which a backslash takes the next character along), a plain id.
  const pattern = /\s+|\/\/[^\n]*|(->|[{}[\]=,;])|"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*|-?[\d.]+)/sy
  const tokens: Token[] = []
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex
    const match = pattern.exec(text)
    if (!match) throw new Error(`no DOT at ${JSON.stringify(text.slice(from, from + 30))}`)
    const [, mark, quoted, plain] = match
    if (mark !== undefined) tokens.push({ mark })
    else if (quoted !== undefined || plain !== undefined) tokens.push({ id: quoted ?? plain ?? '' })
  }
  return tokens
}

/** What a label shows: `\n` is a line, `\"` and `\\` the character; every other escape would be replaced by a name. */
function shown(text: string): string {
  return text
    .replace(/\\(.)/gs, (_, mark: string) => {
      if (mark === 'n') return '\n'
      if (mark === '"' || mark === '\\') return mark
      throw new Error(`Graphviz replaces \\${mark}`)
    })
    .replace(/&(\w+);/g, (entity, name: string) => {
      if (name === 'amp') return '&'
      throw new Error(`Graphviz replaces ${entity}`)
    })
}
