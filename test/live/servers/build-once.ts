import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * Makes a folder once per machine: `build` fills a temporary one beside it, which gets its name only when complete, so
 * a broken build is never used. A second builder, in this process or another, waits for the first.
 */
export async function buildOnce(folder: string, build: (temporary: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return
  await mkdir(dirname(folder), { recursive: true })
  const release = await lock(folder)
  const temporary = building(folder, process.pid)
  try {
    if (await exists(folder)) return
    await build(temporary)
    await rename(temporary, folder)
  } finally {
    await rm(temporary, { recursive: true, force: true })
    await release()
  }
}

/** A file that names the process which builds: one whose process is gone is stale, and removed with what it left. */
async function lock(folder: string): Promise<() => Promise<void>> {
  const path = `${folder}.lock`
  const deadline = Date.now() + 15 * 60_000
  while (Date.now() < deadline) {
    try {
      await writeFile(path, String(process.pid), { flag: 'wx' })
      return () => rm(path, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const owner = Number(await readFile(path, 'utf8').catch(() => ''))
    if (owner && !isRunning(owner)) {
      await rm(building(folder, owner), { recursive: true, force: true })
      await rm(path, { force: true })
    } else await delay(200)
  }
  throw new Error(`Waited 15 minutes for another build of ${folder}: if there is none, remove ${path}`)
}

function building(folder: string, owner: number): string {
  return `${folder}.building-${owner}`
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
