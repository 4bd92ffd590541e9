/** Whether an address as Node tells it, such as `127.0.0.1`, `::1` or `::ffff:127.0.0.1`, is this computer's own. */
export function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127(\.\d{1,3}){3}$/i.test(address)
}

/** Whether a host name or an address without brackets means this computer, with no name server asked. */
export function isLoopbackName(name: string): boolean {
  return name.toLowerCase() === 'localhost' || isLoopbackAddress(name)
}

/**
 * Whether a `Host` header, with or without a port, names this computer. A page of another site that had its own name
 * resolved to 127.0.0.1 (DNS rebinding) still sends its own name here.
 */
export function isLoopbackHost(host: string): boolean {
  const [, name, address] = /^(?:([^:[\]]+)|\[([^[\]]+)\])(?::\d{1,5})?$/.exec(host) ?? []
  return name !== undefined ? isLoopbackName(name) : address !== undefined && isLoopbackAddress(address)
}
