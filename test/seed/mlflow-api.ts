/** `fetch`, or what stands in its place: one that adds credentials, for instance. */
export type FetchLike = (url: string, init: RequestInit) => Promise<Response>

/** MLflow's REST API as far as seeding writes to it. Paths are below `/api/2.0/mlflow/`. */
export type MlflowApi = {
  /** "3.17.2", from `/version`. */
  version(): Promise<string>
  /** Throws with method, path, status and answer when it is not a success: a half-seeded registry proves nothing. */
  send<T = unknown>(method: 'POST' | 'PATCH', path: string, body: object): Promise<T>
  /** Writes a file below the root of the artifact store, through the server's proxy. Throws as `send` does. */
  upload(path: string, text: string): Promise<void>
}

/** The API of the MLflow, real or stand-in, at this address. */
export function mlflowApi(url: string, fetchLike: FetchLike): MlflowApi {
  const base = url.replace(/\/+$/, '')
  const request = async (path: string, init: RequestInit): Promise<string> => {
    const response = await fetchLike(`${base}${path}`, init)
    const said = await response.text()
    if (response.ok) return said
    throw new Error(`Seeding MLflow: ${init.method} ${path} answered ${response.status}: ${said.slice(0, 300)}`)
  }
  return {
    version: async () => (await request('/version', { method: 'GET' })).trim(),
    async send<T>(method: 'POST' | 'PATCH', path: string, body: object): Promise<T> {
      const headers = { 'content-type': 'application/json' }
      return JSON.parse(await request(`/api/2.0/mlflow/${path}`, { method, headers, body: JSON.stringify(body) })) as T
    },
    async upload(path, text) {
      await request(`/api/2.0/mlflow-artifacts/artifacts/${path}`, { method: 'PUT', body: text })
    },
  }
}

/** MLflow's own form of a map: `[{ key, value }]`. */
export function pairs(map: Record<string, string> = {}): { key: string; value: string }[] {
  return Object.entries(map).map(([key, value]) => ({ key, value }))
}
