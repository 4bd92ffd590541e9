import { Secret } from '#lib/config/secret.ts'
import { createPostgresState, createSqliteState } from '#lib/state/create.ts'
import type { OpenableState } from '#lib/state/state.ts'

/** Where a state is, as `state:` in the configuration says. */
export type Where = { readonly file: string } | { readonly postgres: string }

/** A state where the place says, in this process. */
export function stateAt(configured: Where): OpenableState {
  return 'file' in configured
    ? createSqliteState(configured.file)
    : createPostgresState(new Secret(configured.postgres))
}
