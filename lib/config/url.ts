const EXPECTED = 'an address that starts with http:// or https://'

/** An address, normalised; or what was expected instead, in words that repeat nothing of it. */
export type CheckedUrl = { url: string } | { expected: string; meant?: string }

/**
 * Checks the address of a source and takes the slashes from its end. Addresses that MLflow's own client knows and that
 * are no server (a folder, a database, Databricks) are told apart, since each needs another step from the reader.
 */
export function checkUrl(text: string): CheckedUrl {
  if (/^(databricks|databricks-uc|uc)($|:)/i.test(text)) {
    return { expected: `${EXPECTED}. Not supported yet: Databricks. Give the address of an MLflow tracking server` }
  }
  if (/^[\w.-]+:\d{1,5}(\/[\w./-]*)?$/.test(text)) return { expected: EXPECTED, meant: `http://${text}` }
  if (isStore(text)) {
    return {
      expected: `${EXPECTED}. A folder or database of MLflow is no server: start "mlflow server --backend-store-uri …" and give its http address`,
    }
  }
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return { expected: EXPECTED }
  return checkHttp(new URL(text))
}

/** Whether it names where MLflow keeps its data: a path, `file:`, or a database (schemes as in mlflow.store.db.db_types). */
function isStore(text: string): boolean {
  return /^([./~\\]|[a-z]:[\\/]|(file|sqlite|postgresql|postgres|mysql|mssql)(\+\w+)?:|[^:]*$)/i.test(text)
}

function checkHttp(url: URL): CheckedUrl {
  if (url.username || url.password) {
    return { expected: 'an address without credentials. Put them under "auth": { basic: { username, password } }' }
  }
  if (url.search || url.hash) return { expected: 'an address without "?" and "#"' }
  return { url: url.origin + url.pathname.replace(/\/+$/, '') }
}
