import type { DatasetList, DatasetRecord } from './port.ts'

/** As many datasets as may be held; reading side by side brings a few more. */
export function upTo(maximum: number, datasets: readonly DatasetRecord[], truncated: boolean): DatasetList {
  return { datasets: datasets.slice(0, maximum), truncated: truncated || datasets.length > maximum }
}
