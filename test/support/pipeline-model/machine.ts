// The machine that runs agents, as plain state that outlives the program: worktrees, processes, fences. Knows no database.

import type { AgentExit } from '../../../src/domain/session/attempt.ts'
import type { AttemptOrder } from '../../../src/ports/runner.ts'
import type { Sha } from '../../../src/domain/ids.ts'
import { noFaults, type Faults } from './faults.ts'
import type { Host } from './host.ts'
import { SimWorktree } from './worktree.ts'

/** A process of an agent. */
export interface SimProcess {
  readonly order: AttemptOrder
  /** The start of the program that is its parent; after that one's end it is an orphan. */
  readonly boot: string
}

/** Something the machine was told to do, as a law wants to see it before it is done. */
export type SeenOrder =
  | { readonly kind: 'start'; readonly order: AttemptOrder }
  | { readonly kind: 'step'; readonly sessionId: string; readonly step: string; readonly pushes: Sha | null }

export class SimMachine {
  readonly host: Host
  readonly now: () => number
  faults: Faults = noFaults()
  readonly trees = new Map<string, SimWorktree>()
  readonly processes = new Map<string, SimProcess>()
  /** How agents end that end while the order to start them is still under way; null for those that take their time. */
  quickExit: AgentExit | null = null
  /** Called before whatever an order does. */
  watch: (seen: SeenOrder) => Promise<void> = () => Promise.resolve()
  readonly #fences = new Map<string, number>()

  constructor(host: Host, now: () => number) {
    this.host = host
    this.now = now
  }

  /** Tells the highest fence that was seen for a session before; keeps a higher one. */
  seeFence(sessionId: string, fence: number): number {
    const seen = this.#fences.get(sessionId) ?? 0
    this.#fences.set(sessionId, Math.max(seen, fence))
    return seen
  }

  /** Returns the session's worktree, made from the branch when it is not there. */
  makeTree(sessionId: string): SimWorktree | null {
    const known = this.trees.get(sessionId)
    if (known !== undefined && !known.isReleased) return known
    if (this.host.head === null) return null
    const tree = new SimWorktree(this.host, this.host.head)
    this.trees.set(sessionId, tree)
    return tree
  }

  tree(sessionId: string): SimWorktree {
    const tree = this.trees.get(sessionId)
    if (tree === undefined) throw new Error(`There is no worktree of ${sessionId}`)
    return tree
  }

  /** Processes of a session, oldest first. */
  processesOf(sessionId: string): readonly SimProcess[] {
    return [...this.processes.values()].filter(({ order }) => order.workspace.sessionId === sessionId)
  }
}
