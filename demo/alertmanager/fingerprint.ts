/** What Alertmanager knows an alert by: FNV-1a of its labels in order (prometheus/common, model/signature.go). */
export function fingerprint(labels: Readonly<Record<string, string>>): string {
  let hash = 14695981039346656037n
  const add = (byte: number) => {
    hash = ((hash ^ BigInt(byte)) * 1099511628211n) & 0xffffffffffffffffn
  }
  for (const [name, value] of Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const text of [name, value]) {
      for (const byte of Buffer.from(text)) add(byte)
      add(255)
    }
  }
  return hash.toString(16).padStart(16, '0')
}
