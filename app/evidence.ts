import { rename, rm, writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { checkUrl } from '#lib/config/url.ts'
import { ReaderError } from '#lib/reader-error.ts'

/** What `modelops evidence` may be told beside the model. */
export interface EvidenceOptions {
  readonly out?: string
  readonly url: string
  /** Name of the environment variable with the key: what is in a command line, everybody on the computer can read. */
  readonly keyEnv: string
  /** true: nothing is answered from memory. */
  readonly fresh?: boolean
}

/** `modelops evidence`: asks a running gateway for the pack of a model, by id or name, and writes it to a file. */
export async function evidence(model: string, { out, url, keyEnv, fresh }: EvidenceOptions): Promise<void> {
  const checked = checkUrl(url)
  if (!('url' in checked)) throw new ReaderError(`--url: expected ${checked.expected}`)
  const address = new URL(`${checked.url}/evidence`)
  address.searchParams.set('of', model)
  const response = await ask(address, headers(process.env[keyEnv], fresh))
  if (!response.ok) throw new ReaderError(await refusal(response, address, keyEnv))
  const file = resolve(out ?? named(response))
  await write(file, new Uint8Array(await response.arrayBuffer()))
  const missing = Number(response.headers.get('x-incomplete') ?? 0)
  console.log(
    `${file}${missing === 0 ? '' : `\nINCOMPLETE: ${missing} ${missing === 1 ? 'thing is' : 'things are'} missing. report.html says on its first page what, of which source and why.`}`,
  )
}

async function ask(address: URL, sent: Record<string, string>): Promise<Response> {
  try {
    // A key must not follow to wherever an answer points.
    return await fetch(address, { headers: sent, redirect: 'error' })
  } catch (cause) {
    throw new ReaderError(
      `No gateway answers at ${address.origin}. Is it running (npx modelops start)? --url says where.`,
      { cause },
    )
  }
}

function headers(key: string | undefined, fresh: boolean | undefined): Record<string, string> {
  return { ...(key && { authorization: `Bearer ${key}` }), ...(fresh && { 'cache-control': 'no-cache' }) }
}

/** Why there is no pack, as the gateway says it. */
async function refusal(response: Response, address: URL, keyEnv: string): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined)
  const said = (body as { errors?: readonly { message?: unknown }[] } | undefined)?.errors?.[0]?.message
  const hint = response.status === 401 ? ` The key is read from the environment variable ${keyEnv}.` : ''
  if (typeof said === 'string') return `${said}${hint}`
  return `${address.origin} answered with ${response.status}, and not as a gateway does. --url says where the gateway is.`
}

/** The name that the gateway gives the file, without anything that could lead elsewhere. */
function named(response: Response): string {
  const given = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1]
  return given === undefined || given.startsWith('.') ? 'evidence.zip' : given
}

/** Written beside and put in place, so that nobody takes half a pack for one. */
async function write(file: string, content: Uint8Array): Promise<void> {
  const beside = `${file}.${process.pid}.part`
  try {
    await writeFile(beside, content)
    await rename(beside, file)
  } catch (cause) {
    await rm(beside, { force: true })
    const { code } = cause as NodeJS.ErrnoException
    throw new ReaderError(`${file} cannot be written (${code}). --out says where else.`, { cause })
  }
}
