/** The versions whose answers were recorded. */
export type MlflowVersion = '2.22.5' | '3.17.2'

/** Whether this is MLflow 3, which has logged models, a check of hosts and origins, and stricter names. */
export function isMlflow3(version: MlflowVersion): boolean {
  return version.startsWith('3.')
}
