import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildOnce } from './build-once.ts'
import { findPython, type Python } from './python.ts'

const execute = promisify(execFile)

/** The pinned lists in `requirements/`: each is one server in one version. */
export type Requirements = 'mlflow-2.22.5' | 'mlflow-3.17.2' | 'mlserver-1.7.1' | 'triton-2.51.0' | 'redis-6.2.14'

/** A virtual environment that holds one pinned list. */
export type PythonEnvironment = { python: Python; bin: string; sitePackages: string }

const cache = join(import.meta.dirname, '../../../.cache')

/** The environment of a pinned list, from the cache or built now. Throws one line that says what is missing. */
export async function pythonEnvironment(list: Requirements): Promise<PythonEnvironment> {
  const file = requirementsFile(list)
  const python = await findPython()
  // An environment points at its interpreter, so another interpreter means another environment.
  const key = createHash('sha256')
    .update(await readFile(file))
    .update(`${python.minor} ${python.executable}`)
  const folder = join(cache, 'python', `${list}-${key.digest('hex').slice(0, 12)}`)
  await buildOnce(folder, async (temporary) => {
    const uv = await findUv(python)
    await run(uv, ['venv', '--quiet', '--relocatable', '--python', python.executable, temporary], `Creating ${list}`)
    // The lists are complete: without resolving, nothing that is not pinned can come in.
    const target = ['--python', join(temporary, 'bin/python')]
    await run(uv, ['pip', 'install', '--quiet', '--no-deps', ...target, '-r', file], `Installing ${list}`)
  })
  return {
    python,
    bin: join(folder, 'bin'),
    sitePackages: join(folder, 'lib', `python${python.minor}`, 'site-packages'),
  }
}

/** Builds the environments of several lists, two at a time: more would only share the same disk and network. */
export async function pythonEnvironments(lists: readonly Requirements[]): Promise<void> {
  const waiting = [...lists]
  const worker = async () => {
    for (let list = waiting.shift(); list; list = waiting.shift()) await pythonEnvironment(list)
  }
  await Promise.all([worker(), worker()])
}

/** `uv` from PATH; without one, a pinned one is installed into the cache. */
async function findUv(python: Python): Promise<string> {
  const onPath = await execute('uv', ['--version']).catch(() => undefined)
  if (onPath) return 'uv'
  const file = requirementsFile('uv')
  const folder = join(cache, 'uv', (await readFile(file, 'utf8')).trim())
  await buildOnce(folder, async (temporary) => {
    await run(
      python.executable,
      ['-m', 'venv', temporary],
      `Making a virtual environment (without it, put uv on PATH; on Debian and Ubuntu it is python${python.minor}-venv)`,
    )
    await run(join(temporary, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '-r', file], 'Installing uv')
  })
  return join(folder, 'bin/uv')
}

/** Runs a step of the build; its failure becomes one line. */
async function run(command: string, args: string[], step: string): Promise<void> {
  try {
    await execute(command, args, { timeout: 600_000 })
  } catch (error) {
    const { stderr = '', stdout = '', message } = error as Error & { stderr?: string; stdout?: string }
    const said = (stderr || stdout || message).replaceAll(/\s+/g, ' ').trim()
    throw new Error(`${step} failed: ${said.slice(-500)}`)
  }
}

function requirementsFile(name: Requirements | 'uv'): string {
  return join(import.meta.dirname, 'requirements', `${name}.txt`)
}
