interface Told {
  readonly message?: unknown
  readonly extensions?: Readonly<Record<string, unknown>>
}

interface Incomplete {
  readonly source?: unknown
  readonly reason?: unknown
  readonly message?: unknown
}

/** What is wrong with how an answer says what it lacks; empty: nothing. Every hole has to name who and why. */
export function faultsOf(text: string): string[] {
  const answer = parse(text)
  if (!answer) return [`no JSON: ${text.slice(0, 200)}`]
  const errors: readonly Told[] = Array.isArray(answer.errors) ? answer.errors : []
  const holes = incompleteOf(answer.data)
  if (errors.length === 0 && answer.data === undefined) return [`neither data nor errors: ${text.slice(0, 200)}`]
  return [
    ...errors
      .filter((error) => !isReasoned(error))
      .map((error) => `an error without a reason: ${JSON.stringify(error)}`),
    ...holes.filter((hole) => !isNamed(hole)).map((hole) => `a hole without a reason: ${JSON.stringify(hole)}`),
  ]
}

/** Whether a source could not be asked; runs that are gone are no hole of the sources'. */
export function isWhole(text: string): boolean {
  const answer = parse(text)
  return (
    answer !== undefined && !answer.errors && incompleteOf(answer.data).every(({ reason }) => reason === 'UNMATCHED')
  )
}

function parse(text: string): { data?: unknown; errors?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function isReasoned({ message, extensions }: Told): boolean {
  const { code, source, reason } = extensions ?? {}
  if (typeof message !== 'string' || message === '' || typeof code !== 'string') return false
  if (code === 'INTERNAL_SERVER_ERROR') return false
  // A part that had no time left names itself in words; a source's failure names the source.
  if (!code.startsWith('UPSTREAM_') || message.includes('within this query')) return true
  return (typeof source === 'string' && typeof reason === 'string') || message.includes('No time is left')
}

function isNamed({ source, reason, message }: Incomplete): boolean {
  const nobody = reason === 'NOT_CONFIGURED' || reason === 'UNMATCHED'
  return (
    typeof reason === 'string' &&
    typeof message === 'string' &&
    message !== '' &&
    (nobody || typeof source === 'string')
  )
}

function incompleteOf(value: unknown): Incomplete[] {
  if (Array.isArray(value)) return value.flatMap(incompleteOf)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inside]) =>
    key === 'incomplete' && Array.isArray(inside) ? inside : incompleteOf(inside),
  )
}
