import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The path of a program that a Debian package brings. Throws, naming the package, where it is not there. */
export function programOf(name: string, debianPackage: string): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin']
  const found = folders.map((folder) => join(folder, name)).find(isProgram)
  if (found) return found
  throw new Error(`${name} is missing, which these tests start: apt-get install ${debianPackage}`)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
