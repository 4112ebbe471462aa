// The reply to somebody who wanted the plan to be read again, when the contract could not be filled from it.

import { blocks } from './markdown.ts'
import { emptyContractWords, planFaultLines } from './plan-faults.ts'
import type { RefusalReply } from './reply.ts'

/** Returns the body of the reply. */
export function populateFailedWords({
  reason,
  path,
  faults,
}: Extract<RefusalReply, { kind: 'populate_failed' }>): string {
  if (reason === 'no_contract_phase')
    return 'The contract was not filled: no phase of this pipeline makes a plan. One does with `produces: contract` in `.github/belay.yml`. Nothing was changed.'
  return blocks(
    `The contract was not filled. ${emptyContractWords(reason, path)} The worktree is in step with the branch; nothing else was changed.`,
    faults.length === 0 ? null : planFaultLines(path, faults),
  )
}
