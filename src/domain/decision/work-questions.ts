// The rows of the decision table about the work of a phase: the plan, the reviewers, the agent.

import type { DecisionSpec } from './decision-spec.ts'
import type { WorkDecisionKind } from './kind.ts'
import { ABORT, CHOICES, TRY_PHASE_AGAIN } from './option.ts'

const ASKED_ANEW =
  'The question is withdrawn and asked anew for the new commit: the answer may be another one there.'

/** Every question about the work of a phase. They stop a pipeline that has not ended, so there is one list of options. */
export const WORK_QUESTIONS = {
  empty_contract: {
    title: 'The plan holds no tasks',
    statusWhileOpen: 'failed',
    options: [
      {
        id: 'populate',
        label: 'Repopulate contract from plan draft and retry',
        button: 'Repopulate and retry',
        effect:
          'The worktree is synced and the plan is read again; with tasks in it the pipeline goes on. Correct the plan on the branch first.',
        action: 'populate_contract',
      },
      {
        id: 'retry',
        label: 'Restart plan phase',
        button: 'Restart plan phase',
        effect: 'The phase that makes the plan runs again from its producer, which is told what was wrong.',
        action: 'resume_phase',
      },
      ABORT,
    ],
    optionsOnceEnded: [],
    resumes: '`populate`: a sync and another reading of the plan. `retry`: the phase that makes the plan.',
    onPush: ASKED_ANEW,
  },
  consensus_stalled: {
    title: 'The reviewers and the agent do not agree',
    statusWhileOpen: 'awaiting_human',
    options: [
      {
        id: 'accept',
        label: 'Accept the work as it is',
        button: 'Accept as it is',
        effect: 'The proposed commit counts as accepted: it is pushed and the pipeline goes on.',
        action: 'accept_proposal',
      },
      {
        id: 'retry',
        label: 'Another round',
        button: 'Another round',
        effect:
          'A new attempt of the agent is told the refusals, and its work is reviewed again, for as many rounds as before.',
        action: 'another_round',
      },
      ABORT,
    ],
    optionsOnceEnded: [],
    resumes: '`accept`: the push of the proposed commit. `retry`: the phase from its producer.',
    onPush: ASKED_ANEW,
  },
  agent_failed: {
    title: 'The agent did not end well',
    statusWhileOpen: 'failed',
    options: [TRY_PHASE_AGAIN, ABORT],
    optionsOnceEnded: [],
    resumes: 'The phase with a new attempt, and all its restarts again; after a reviewer failed, the review.',
    onPush: ASKED_ANEW,
  },
  agent_question: {
    title: 'The agent asks',
    statusWhileOpen: 'awaiting_human',
    options: [...CHOICES, ABORT],
    optionsOnceEnded: [],
    resumes: 'The phase with a new attempt, which is told the question and the answer.',
    onPush: ASKED_ANEW,
  },
} as const satisfies Record<WorkDecisionKind, DecisionSpec>
