/** A length of time for the reader: `8 s`, `250 ms`. */
export function duration(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${Math.round(milliseconds / 100) / 10} s`
}

/** Bytes for the reader: `32 MiB`. */
export function size(bytes: number): string {
  if (bytes >= 1_048_576) return `${Math.round(bytes / 104_857.6) / 10} MiB`
  return bytes >= 1_024 ? `${Math.round(bytes / 102.4) / 10} KiB` : `${bytes} bytes`
}
