import { stringify } from 'yaml'
import { makeKey } from '#gateway/keys.ts'
import { keys } from '#lib/config/identity.ts'
import { ReaderError } from '#lib/reader-error.ts'

/** What `modelops key` may be told beside the id. */
export interface KeyOptions {
  readonly role: readonly string[]
  readonly name?: string
  readonly expires?: string
}

/** `modelops key`: makes a key, prints it, and prints what the configuration needs to know of it. Nothing is kept. */
export function key(id: string, { role, name, expires }: KeyOptions): void {
  const made = makeKey(id)
  const entry = {
    id,
    hash: made.hash,
    ...(name && { name }),
    roles: role,
    ...(expires && { expires }),
  }
  const { error } = keys.safeParse([entry])
  if (error) {
    const wrong = error.issues.map(({ path: [, option], code, message }) => {
      return `  ${String(option)}: expected ${code === 'too_small' ? 'text that is not empty' : message}`
    })
    throw new ReaderError(['This makes no key:', ...wrong].join('\n'))
  }
  const line = stringify([entry], { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: true }).trim()
  console.log(`The key, shown this once. It is sent as "Authorization: Bearer …":

  ${made.key}

For modelops.yaml, under gateway.keys:

  - ${line.replace(/^\[ ?| ?\]$/g, '')}
`)
}
