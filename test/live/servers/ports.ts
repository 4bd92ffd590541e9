import { once } from 'node:events'
import { createServer } from 'node:net'

const handedOut = new Set<number>()

/** Loopback ports that were free a moment ago, all different, none given before by this process. */
export async function freePorts(count: number): Promise<number[]> {
  const listeners = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(listeners.map((listener) => once(listener, 'listening')))
  const ports = listeners.map((listener) => (listener.address() as { port: number }).port)
  await Promise.all(listeners.map((listener) => once(listener.close(), 'close')))
  if (ports.some((port) => handedOut.has(port))) return freePorts(count)
  for (const port of ports) handedOut.add(port)
  return ports
}
