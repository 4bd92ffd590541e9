import { randomUUID } from 'node:crypto'
import type { Statement } from '#demo/company/statements.ts'
import type { NewEntry, State } from '#lib/state/port.ts'

/**
 * Writes down what people said at the demonstration company. When it was said is made up, as it is itself; when it was
 * recorded is now, as the chain of any state tells.
 */
export async function writeStatements(
  state: State,
  statements: readonly Statement[],
  names: Readonly<Record<string, string>>,
): Promise<void> {
  const revoked = new Set(statements.flatMap(({ revokes }) => revokes ?? []))
  const isRevoked = ({ name }: Statement) => name !== undefined && revoked.has(name)
  const named = statements.filter(isRevoked)
  const made = await state.append(named.map((one) => entryOf(one)))
  const ids = new Map(named.map(({ name }, i) => [name, made[i]?.id ?? randomUUID()]))
  await state.append(statements.filter((one) => !isRevoked(one)).map((one) => entryOf(one, ids.get(one.revokes))))
  for (const [subject, name] of Object.entries(names)) await state.people.remember(subject, name)
}

function entryOf({ kind, subject, actor, content, at, expiresAt }: Statement, refersTo?: string): NewEntry {
  return {
    ...{ kind, actor, content, at: new Date(at) },
    ...(subject !== undefined && { subject }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }),
    ...(refersTo !== undefined && { refersTo }),
  }
}
