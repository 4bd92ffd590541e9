import { type MlflowOptions, startMlflow } from '#demo/mlflow/index.ts'
import type { StandIn } from '#demo/stand-in.ts'

/** What a call answered; `body` is parsed when it is JSON. */
export interface Answer {
  status: number
  type: string
  // biome-ignore lint/suspicious/noExplicitAny: tests read into answers of many forms
  body: any
}

/** A stand-in and short ways to ask it, below `/api/2.0/mlflow/`. */
export interface Client {
  server: StandIn
  get(path: string, query?: Record<string, string | number>): Promise<Answer>
  send(method: 'POST' | 'PATCH' | 'DELETE', path: string, body: object): Promise<Answer>
}

/** Starts a stand-in, hands it to `use`, and stops it whatever happens. */
export async function withMlflow(options: MlflowOptions, use: (client: Client) => Promise<void>): Promise<void> {
  const server = await startMlflow(options)
  try {
    await use(clientOf(server))
  } finally {
    await server.close()
  }
}

function clientOf(server: StandIn): Client {
  const base = `${server.url}/api/2.0/mlflow/`
  return {
    server,
    get: (path, query = {}) => {
      const params = new URLSearchParams()
      for (const [name, value] of Object.entries(query)) params.append(name, String(value))
      return read(fetch(`${base}${path}?${params}`))
    },
    send: (method, path, body) => {
      const headers = { 'content-type': 'application/json' }
      return read(fetch(`${base}${path}`, { method, headers, body: JSON.stringify(body) }))
    },
  }
}

/** Status, content type and body of an answer. */
export async function read(answering: Promise<Response>): Promise<Answer> {
  const response = await answering
  const type = response.headers.get('content-type') ?? ''
  const text = await response.text()
  return { status: response.status, type, body: type === 'application/json' ? JSON.parse(text) : text }
}
