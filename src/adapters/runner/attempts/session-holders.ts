// Which attempts of this runner hold which session: one in its worktree, or any number in worktrees of their own.

import { AppError } from '../../../domain/errors/app-error.ts'
import type { AttemptOrder } from '../../../ports/runner.ts'

export interface SessionHolders {
  /**
   * Gives the session to an attempt and returns how it is given back. An attempt in the session's worktree is refused
   * beside another such only, and one in a worktree of its own beside an attempt in the session's worktree; throws
   * `WORKSPACE_INVALID`.
   */
  take(order: AttemptOrder): () => void
  /** Returns the attempts that work in worktrees of their own. */
  reviewsOf(sessionId: string): ReadonlySet<string>
  isHeld(sessionId: string): boolean
}

interface Held {
  worktree: string | null
  readonly reviews: Set<string>
}

/** Two agents in one worktree would write over each other, and no pin could tell whose work it holds. */
export function createSessionHolders(): SessionHolders {
  const sessions = new Map<string, Held>()
  const forgetIfFree = (sessionId: string, held: Held): void => {
    if (held.worktree === null && held.reviews.size === 0) sessions.delete(sessionId)
  }
  return {
    take({ attemptId, place, workspace: { sessionId } }) {
      const held = sessions.get(sessionId) ?? { worktree: null, reviews: new Set<string>() }
      if (held.worktree !== null) {
        const reason = 'another attempt is at work in it.'
        throw new AppError('WORKSPACE_INVALID', { session: sessionId, reason })
      }
      sessions.set(sessionId, held)
      if (place.kind === 'worktree') held.worktree = attemptId
      else held.reviews.add(attemptId)
      return () => {
        if (place.kind === 'detached') held.reviews.delete(attemptId)
        else if (held.worktree === attemptId) held.worktree = null
        forgetIfFree(sessionId, held)
      }
    },
    reviewsOf: (sessionId) => new Set(sessions.get(sessionId)?.reviews),
    isHeld: (sessionId) => sessions.has(sessionId),
  }
}
