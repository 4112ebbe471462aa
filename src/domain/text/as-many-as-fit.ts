// Keeps a text inside a length by whole pieces, so that nothing is cut in the middle and the rest can be counted.

/** Returns the first pieces whose lengths together are at most `limit` UTF-16 units; always at least one. */
export function asManyAsFit<T>(
  pieces: readonly T[],
  limit: number,
  lengthOf: (piece: T) => number,
): readonly T[] {
  let length = 0
  const end = pieces.findIndex((piece, at) => {
    length += lengthOf(piece)
    return at > 0 && length > limit
  })
  return end === -1 ? pieces : pieces.slice(0, end)
}
