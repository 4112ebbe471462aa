// An open question as it is stored, for tests that read answers to it.

import { optionsFor } from '../../../src/domain/decision/decision.ts'
import type { Decision } from '../../../src/domain/records.ts'
import { BRANCH, LOCAL, REMOTE } from '../sync/worktree-facts.ts'

/** A reset that a person has to acknowledge. */
export const PENDING: Decision = {
  id: 'k7m2qa',
  rootId: 'k7m2qa',
  projectId: 'rocket',
  sessionId: 'rocket-1',
  pipelineId: 'rocket-1.1',
  prNumber: 7,
  phase: 'implement',
  concerns: 'pipeline',
  kind: 'hard_reset_recovery',
  context: 'hard_reset_recovery:implement',
  options: optionsFor('hard_reset_recovery', {
    case: 'divergence_recovered_via_reset',
    isReset: true,
    concerns: 'pipeline',
    earlierPauses: 0,
  }),
  details: {
    case: 'divergence_recovered_via_reset',
    moment: 'phase_end',
    branch: BRANCH,
    localHead: LOCAL,
    remoteHead: REMOTE,
    mergeBase: null,
    discarded: [],
    remoteCommits: [],
    conflictingPaths: [],
    obstacle: 'conflict',
    pins: [],
    earlierPauses: 0,
    isReset: true,
    pushRefusal: null,
    note: '',
  },
  headSha: REMOTE,
  runEpoch: 2,
  status: 'pending',
  answer: null,
  answeredBy: null,
  answeredVia: null,
  answeredAt: null,
  actedAt: null,
  cancelReason: null,
  successorId: null,
  reminders: 0,
  createdAt: 0,
}
