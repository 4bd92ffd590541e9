/**
 * MLflow's filters have no escapes and no OR. What can be asked for safely is a list of ids in the form that MLflow makes:
 * lower-case letters, digits and dashes. `run_id IN` drops ids without a lower-case letter in silence (2.22.5 and 3.17.2).
 */
const PLAIN = /^[a-z0-9_-]*[a-z][a-z0-9_-]*$/

/** Whether an id can stand in an IN list. */
export const isPlainId = (id: string): boolean => PLAIN.test(id)

/** `attribute IN ('a','b')`; every id must be plain. */
export const isIn = (attribute: string, ids: readonly string[]): string =>
  `${attribute} IN (${ids.map((id) => `'${id}'`).join(',')})`
