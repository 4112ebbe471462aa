// Numbers and opaque node ids of everything in the fake GitHub.
// One sequence for all kinds, so that a comment id used as a run id is always wrong and never luckily right.

/** The start of a node id, as GitHub chooses it per kind of object. */
export type NodePrefix =
  | 'A'
  | 'BOT'
  | 'CR'
  | 'CS'
  | 'I'
  | 'IC'
  | 'IN'
  | 'LA'
  | 'MQE'
  | 'O'
  | 'PR'
  | 'PRR'
  | 'PRRC'
  | 'PRRT'
  | 'R'
  | 'REA'
  | 'SC'
  | 'U'

/** Hands out ids; no id is given twice. */
export class Ids {
  #last = 10_000

  /** Returns a new number. */
  next(): number {
    this.#last += 1
    return this.#last
  }
}

/** Returns the node id of an object; opaque to clients. */
export function nodeId(prefix: NodePrefix, id: number): string {
  return `${prefix}_kwDO${Buffer.from(`${prefix}:${id}`).toString('base64url')}`
}
