/** A PromQL string with a text in it. */
export function quoted(text: string): string {
  const escapes: Record<string, string> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r' }
  return `"${text.toWellFormed().replace(/[\\"\n\r]/g, (mark) => escapes[mark] ?? mark)}"`
}

/** RE2 that matches exactly one of some texts; Prometheus anchors it. */
export function oneOf(texts: readonly string[]): string {
  return texts.map((text) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')).join('|')
}

/** Matchers of a selector: labels that must be equal. */
export function matchers(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([label, value]) => `${label}=${quoted(value)}`)
    .join(',')
}

/** Several expressions as one, evaluated at one moment: the results of each carry its key in the label `__q`. */
export function together(expressions: Readonly<Record<string, string>>): string {
  return Object.entries(expressions)
    .map(([key, expression]) => `label_replace(${expression},"__q","${key}","","")`)
    .join(' or ')
}
