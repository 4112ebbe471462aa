// The median of a sample and an interval that holds the true median, by order statistics. Pure; assumes nothing about
// how the values are spread.

/** A median and the bounds that hold the true one with the asked confidence. */
export interface MedianInterval {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** Returns the median. Throws for an empty sample. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const upper = sorted[Math.floor(sorted.length / 2)]
  const lower = sorted[Math.ceil(sorted.length / 2) - 1]
  if (upper === undefined || lower === undefined) throw new Error('An empty sample has no median')
  return (lower + upper) / 2
}

/**
 * Returns the largest rank k, counted from 1, for which the k-th smallest and the k-th largest value hold the median
 * with at least this confidence; 0 when the sample is too small for any.
 */
export function intervalRank(size: number, confidence: number): number {
  const mostOutside = (1 - confidence) / 2
  let probability = 2 ** -size
  let outside = probability
  let rank = 0
  while (outside <= mostOutside) {
    rank += 1
    probability *= (size - rank + 1) / rank
    outside += probability
  }
  return rank
}

/** Returns median and interval; a sample too small for the confidence gives its whole range. Throws for an empty one. */
export function medianInterval(values: readonly number[], confidence = 0.95): MedianInterval {
  const sorted = values.toSorted((one, other) => one - other)
  const rank = Math.max(1, intervalRank(sorted.length, confidence))
  const [low, high] = [sorted[rank - 1], sorted[sorted.length - rank]]
  if (low === undefined || high === undefined) throw new Error('An empty sample has no interval')
  return { median: medianOf(sorted), low, high }
}
