import { z } from 'zod'

type JsonSchema = z.core.JSONSchema.JSONSchema

interface Row {
  option: string
  type: string
  fallback: string
  description: string
}

/** A Markdown table of all options below a schema, nested ones with dots, list items with `[]`. Empty: there are none. */
export function tableOf(schema: z.ZodType): string {
  const rows = rowsBelow(z.toJSONSchema(schema, { io: 'input' }), '')
  if (rows.length === 0) return ''
  const lines = rows.map((row) => `| \`${row.option}\` | ${row.type} | ${row.fallback} | ${row.description} |`)
  return ['| Option | Type | Default | Description |', '|---|---|---|---|', ...lines, ''].join('\n')
}

function rowsBelow(schema: JsonSchema, prefix: string): Row[] {
  const items = itemsOf(schema)
  if (items) return rowsBelow(items, `${prefix}[]`)
  const { properties = {}, required } = mapOf(schema)
  return Object.entries(properties).flatMap(([key, value]) => {
    if (typeof value === 'boolean') return []
    const option = prefix === '' ? key : `${prefix}.${key}`
    return [row(option, value, required?.includes(key) === true), ...rowsBelow(value, option)]
  })
}

function row(option: string, schema: JsonSchema, required: boolean): Row {
  const fallback = required ? 'required' : defaultOf(schema)
  return { option, type: typeOf(schema), fallback, description: schema.description ?? '' }
}

function defaultOf({ default: value, type }: JsonSchema): string {
  if (value === undefined || type === 'object') return '–'
  return `\`${Array.isArray(value) ? `[${value.join(', ')}]` : JSON.stringify(value)}\``.replaceAll('"', '')
}

function typeOf(schema: JsonSchema): string {
  if (schema.secret === true && schema.type === 'string') return 'secret text'
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ')
  if (schema.type === 'integer') return `whole number${range(schema)}`
  if (schema.type === 'boolean') return 'true or false'
  if (schema.type === 'object') return 'map'
  const items = itemsOf(schema)
  if (items)
    return items.type === 'object'
      ? 'list of maps'
      : typeOf(items) === 'text'
        ? 'list of text'
        : `list, each ${typeOf(items)}`
  return typeof schema.expected === 'string' ? schema.expected : 'text'
}

function range({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: JsonSchema): string {
  if (maximum === Number.MAX_SAFE_INTEGER) return minimum === Number.MIN_SAFE_INTEGER ? '' : `, at least ${minimum}`
  return `, ${minimum} to ${maximum}`
}

/** The map among what a value can be: the one form that has options of its own. */
const mapOf = (schema: JsonSchema): JsonSchema =>
  schema.anyOf?.find((form): form is JsonSchema => typeof form === 'object' && form.type === 'object') ?? schema

const itemsOf = ({ items }: JsonSchema): JsonSchema | undefined =>
  typeof items === 'object' && !Array.isArray(items) ? items : undefined
