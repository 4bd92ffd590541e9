import { createHash } from 'node:crypto'

const stamp = /^# Composed and valid; sha256 of what follows: ([0-9a-f]{64})\n/

/** A supergraph that was just composed, with a first line that tells so as long as nothing after it is changed. */
export function stamped(supergraphSdl: string): string {
  return `# Composed and valid; sha256 of what follows: ${hashOf(supergraphSdl)}\n${supergraphSdl}`
}

/** Whether a supergraph is as it was composed, and so need not be validated: that takes a tenth of the time to start. */
export function isAsComposed(text: string): boolean {
  const [line, hash] = stamp.exec(text) ?? []
  return line !== undefined && hash === hashOf(text.slice(line.length))
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
