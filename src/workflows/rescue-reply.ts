// What a rescue came to, in the words of a reply.

import type { Backup } from '../domain/records.ts'
import type { OpenQuestion, Reply } from '../domain/text/reply.ts'
import type { Deps } from './deps.ts'
import type { BranchResult } from './put-on-branch.ts'
import type { SessionContext } from './queries.ts'
import { compareUrl } from './rescue-notes.ts'

export interface RescueFacts {
  readonly context: SessionContext
  readonly backup: Backup
  /** The question that stays open. */
  readonly openQuestion: OpenQuestion | null
  readonly result: BranchResult
}

/** Tells whether the work is on a branch now. */
export function isRescued(result: BranchResult): boolean {
  return result.kind === 'put' || result.kind === 'moved_since'
}

/** Returns the reply to a rescue. */
export function rescueReply(deps: Deps, { context, backup, openQuestion, result }: RescueFacts): Reply {
  const urlOf = (branch: string): string => compareUrl(deps, context, branch)
  switch (result.kind) {
    case 'put': {
      const { branch, head, leftOut } = result
      const kept = leftOut === undefined ? {} : { leftOut }
      return { kind: 'rescued', branch, head, compareUrl: urlOf(branch), openQuestion, ...kept }
    }
    case 'moved_since': {
      const { branch } = result
      return { kind: 'rescued_before', branch, compareUrl: urlOf(branch), openQuestion }
    }
    case 'nothing_dirty':
    case 'pin_damaged':
      return { ...result, backupId: backup.id }
    case 'refused':
      return { ...result, kind: 'rescue_refused' }
  }
}
