import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** A Python interpreter that was found by running it, not by its name. */
export type Python = {
  /** Absolute path of the interpreter itself (a version manager's shim is resolved). */
  executable: string
  /** "3.11": environments and Triton's stub are bound to it. */
  minor: string
  /** Folder of the shared libpython, which Triton's stub loads; null when this Python was built without one. */
  libraryFolder: string | null
}

/** 3.11 first: Triton and the recorded answers were proven with it. */
const candidates = ['python3.11', 'python3.12', 'python3.10', 'python3']
const supported = ['3.10', '3.11', '3.12']

const describe = `
import json, os, sys, sysconfig
folder = sysconfig.get_config_var('LIBDIR') or ''
library = sysconfig.get_config_var('INSTSONAME') or ''
places = [folder, os.path.join(folder, sysconfig.get_config_var('MULTIARCH') or '')]
print(json.dumps({
  'executable': sys.executable,
  'minor': '%d.%d' % sys.version_info[:2],
  'libraryFolder': next((p for p in places if '.so' in library and os.path.exists(os.path.join(p, library))), None),
}))`

/** Finds Python 3.10, 3.11 or 3.12 on PATH. Throws one line that says what is missing. */
export async function findPython(): Promise<Python> {
  const seen: string[] = []
  for (const command of candidates) {
    const python = await ask(command)
    if (python && supported.includes(python.minor)) return python
    seen.push(python ? `${command} is ${python.minor}` : `${command} does not run`)
  }
  throw new Error(
    `The live tests need Python 3.10, 3.11 or 3.12 on PATH (${seen.join(', ')}): install one, ` +
      'or run "npm run test:fast", which needs no Python.',
  )
}

/** A version manager's shim exists on PATH even when its version does not, so only an answer counts. */
async function ask(command: string): Promise<Python | undefined> {
  try {
    const { stdout } = await execute(command, ['-c', describe], { timeout: 20_000 })
    return JSON.parse(stdout) as Python
  } catch {
    return undefined
  }
}
