/** JSON as MLflow writes answers: two blanks of indentation, and nothing but ASCII. */
export function indentedJson(value: unknown): string {
  return ascii(JSON.stringify(value, null, 2))
}

/** JSON on one line as Python's `json.dumps` writes it, with a blank after each colon and comma. */
export function lineJson(value: unknown): string {
  return ascii(line(value))
}

function line(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(line).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${line(member)}`)
  return `{${members.join(', ')}}`
}

function ascii(json: string): string {
  return json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A text as Python's `repr` shows it in messages. */
export function repr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote
}

/** Name of the type that Python gives a value read from JSON. */
export function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'list'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float'
  if (value === null || value === undefined) return 'NoneType'
  return { string: 'str', boolean: 'bool' }[typeof value as string] ?? 'dict'
}

/** A set of names in the order Python happens to show it, which differs from one start of the server to the next. */
export function setOf(names: readonly string[]): string {
  return `{${names.map((name) => `'${name}'`).join(', ')}}`
}
