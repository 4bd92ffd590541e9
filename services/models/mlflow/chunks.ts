/** Does something with a list in pieces, side by side, and puts the results together in order. */
export async function inChunks<T, R>(
  items: readonly T[],
  size: number,
  work: (chunk: readonly T[]) => Promise<readonly R[]>,
): Promise<R[]> {
  const starts = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => i * size)
  const parts = await Promise.all(starts.map((start) => work(items.slice(start, start + size))))
  return parts.flat()
}
