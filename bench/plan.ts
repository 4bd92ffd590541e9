/** How long to measure. */
export interface Plan {
  /** Sizes of the registry. */
  readonly models: readonly number[]
  readonly rounds: number
  readonly seconds: number
  readonly warmUpSeconds: number
}

export const thorough: Plan = { models: [50, 500, 5_000], rounds: 5, seconds: 3, warmUpSeconds: 4 }

/** For a first impression, and to see that it works. */
export const quick: Plan = { models: [50], rounds: 1, seconds: 4, warmUpSeconds: 3 }

/** Measures everything once a round, in the other order each time: on a shared machine what comes later meets other neighbours. */
export async function rounds<T, R>(count: number, items: readonly T[], measure: (item: T) => Promise<R>): Promise<R[]> {
  const found: R[] = []
  for (let round = 0; round < count; round++) {
    for (const item of round % 2 === 0 ? items : items.toReversed()) found.push(await measure(item))
  }
  return found
}

type Numbers<T> = { [K in keyof T as T[K] extends number ? K : never]: number }

/** The median of each number. */
export function median<T extends object>(found: readonly T[]): Numbers<T> {
  const keys = Object.entries(found[0] ?? {}).flatMap(([key, value]) => (typeof value === 'number' ? [key] : []))
  const entries = keys.map((key) => {
    const values = found.map((one) => Number(one[key as keyof T])).sort((a, b) => a - b)
    return [key, values[Math.floor(values.length / 2)]]
  })
  return Object.fromEntries(entries)
}
