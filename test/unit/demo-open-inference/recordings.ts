import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

/** One answer of a real server, as it was recorded. */
interface Recording {
  request: { method: string; path: string; headers?: Record<string, string>; body: unknown }
  status: number
  headers: Record<string, string>
  /** Parsed when it is JSON, whatever it is labelled as. */
  body: unknown
}

interface Answer {
  status: number
  headers: Record<string, string>
  raw: string
}

/** What may differ from a recording, and why; everything else is compared. */
export interface Volatile {
  why: string
  /** Headers whose values are not compared; that they are there still is. */
  headers?: readonly string[]
  /** Headers that the server sent and the recording left out. */
  unrecorded?: readonly string[]
  /** Applied to both bodies before they are compared. */
  normalise?: (body: unknown) => unknown
}

/** The recordings in a folder by file name without `.json`, in order. */
function recordings(folder: URL): Map<string, Recording> {
  const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''))
  const read = (name: string) => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8'))
  return new Map(names.sort().map((name) => [name, read(name)]))
}

/** Sends a request as recorded. `node:http`, because it leaves paths and percent escapes as they are. */
export async function ask(base: string, { method, path, headers = {}, body }: Recording['request']): Promise<Answer> {
  const sent = body === null ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const type = sent === undefined ? {} : { 'content-type': 'application/json' }
  const { hostname, port } = new URL(base)
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: hostname, port, method, path, headers: { ...type, ...lowerCase(headers) } })
    outgoing.on('error', reject)
    outgoing.on('response', async (incoming) => {
      const answered = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])
      resolve({ status: incoming.statusCode ?? 0, headers: Object.fromEntries(answered), raw: await text(incoming) })
    })
    outgoing.end(sent)
  })
}

/** Not in every recording although the real servers send them. */
const UNRECORDED = ['date', 'vary']

/** Status, headers (no more and no fewer than recorded) and body must be those of the recording. */
function expectAsRecorded(answer: Answer, recording: Recording, volatile?: Volatile): void {
  const { headers: ignored = [], normalise = (body: unknown) => body } = volatile ?? {}
  const unrecorded = [...UNRECORDED, ...(volatile?.unrecorded ?? [])]
  const sent = Object.keys(answer.headers).filter((name) => name in recording.headers || !unrecorded.includes(name))
  expect(sent.sort()).toEqual(Object.keys(recording.headers).sort())
  expect(without(answer.headers, [...unrecorded, ...ignored])).toEqual(
    without(recording.headers, [...unrecorded, ...ignored]),
  )
  expect(answer.status).toBe(recording.status)
  expect(normalise(parse(answer.raw))).toEqual(normalise(recording.body))
}

/** One state of a server and the recordings that were made in it, by file name without `.json`. */
interface Stage<Server extends { url: string; close(): Promise<void> }> {
  stage: string
  start: () => Promise<Server>
  replays: readonly string[]
}

/** One test for each recording, on a server of its own, and one that fails when a recording in the folder has no stage. */
export function replayAll<Server extends { url: string; close(): Promise<void> }>(
  folder: URL,
  stages: readonly Stage<Server>[],
  volatile: Readonly<Record<string, Volatile>> = {},
): void {
  const recorded = recordings(folder)
  it('replays every recording in the folder, each once', () => {
    expect(stages.flatMap(({ replays }) => replays).sort()).toEqual([...recorded.keys()])
  })
  it('excepts nothing from comparison in a recording that is not there', () => {
    expect([...recorded.keys()]).toEqual(expect.arrayContaining(Object.keys(volatile)))
  })
  describe.each(stages)('$stage', ({ start, replays }) => {
    it.each(replays)('answers as recorded: %s', async (file) => {
      const recording = recorded.get(file)
      if (!recording) throw new Error(`There is no recording ${file}.`)
      const server = await start()
      try {
        expectAsRecorded(await ask(server.url, recording.request), recording, volatile[file])
      } finally {
        await server.close()
      }
    })
  })
}

function parse(raw: string): unknown {
  try {
    return JSON.parse(raw)
  } catch {
    return raw
  }
}

function without(headers: Record<string, string>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)))
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}
