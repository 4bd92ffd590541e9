/** Values, and how many are missing since they are not known or not over yet. */
export interface Sample {
  readonly values: readonly number[]
  readonly censored: number
}

/** How values are distributed, as the graph shows it. */
export interface DistributionRecord {
  readonly median: number | null
  readonly p90: number | null
  readonly sampleSize: number
  readonly censored: number
}

/** A share, as the graph shows it. */
export interface RatioRecord {
  readonly value: number | null
  readonly numerator: number
  readonly denominator: number
  readonly censored: number
}

/**
 * The value that the share `p` (0 to 1) of the values is at most, between the two nearest by linear interpolation: of n
 * values in order x[0]…x[n-1], with h = (n - 1) · p, x[⌊h⌋] + (h - ⌊h⌋) · (x[⌈h⌉] - x[⌊h⌋]). What NumPy and the spreadsheets'
 * PERCENTILE.INC do. null: there are no values.
 */
export function quantile(values: readonly number[], p: number): number | null {
  const ordered = values.toSorted((a, b) => a - b)
  const h = (ordered.length - 1) * p
  const [low, high] = [ordered[Math.floor(h)], ordered[Math.ceil(h)]]
  return low === undefined || high === undefined ? null : low + (h - Math.floor(h)) * (high - low)
}

/** Median and ninth decile of a sample. */
export function distributionOf({ values, censored }: Sample): DistributionRecord {
  return { median: quantile(values, 0.5), p90: quantile(values, 0.9), sampleSize: values.length, censored }
}

/** A part of a whole. */
export function ratioOf(numerator: number, denominator: number, censored: number): RatioRecord {
  return { value: denominator === 0 ? null : numerator / denominator, numerator, denominator, censored }
}
