import { watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Milliseconds of quiet after which a changed file is read: whoever writes it has finished. */
const QUIET = 100

/** Milliseconds after which it is read in any case: changes of some mounts are told to nobody. */
const POLL = 5_000

/**
 * Reads a file again when it changes. `onText` gets each text that is not the one before, one after another; `onFailure`
 * why there is none now, once until there is one again.
 */
export function watchFile(
  file: string,
  known: string,
  onText: (text: string) => Promise<void>,
  onFailure: (reason: string) => void,
): { close(): Promise<void> } {
  let last: string | undefined = known
  let reading = Promise.resolve()
  let quiet: NodeJS.Timeout | undefined

  async function read(): Promise<void> {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (last !== undefined) onFailure(`The file cannot be read (${error.code}).`)
      return undefined
    })
    if (text !== undefined && text !== last) await onText(text)
    last = text
  }
  const readNext = () => {
    reading = reading.then(read)
  }
  const poll = setInterval(readNext, POLL).unref()
  const watcher = watchFolder(dirname(file), () => {
    clearTimeout(quiet)
    quiet = setTimeout(readNext, QUIET)
  })
  return {
    async close() {
      watcher?.close()
      clearInterval(poll)
      clearTimeout(quiet)
      await reading
    },
  }
}

/** The folder, since editors and mounts put another file in the place of the old one. Where nothing can be watched, there is the poll. */
function watchFolder(folder: string, onChange: () => void) {
  try {
    const watcher = watch(folder, { persistent: false }, onChange)
    return watcher.on('error', () => watcher.close())
  } catch {
    return undefined
  }
}
