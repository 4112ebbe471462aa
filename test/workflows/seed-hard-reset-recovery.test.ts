// The seed's own list of what follows a hard reset (`test_hard_reset_recovery`), name by name, as far as the sync has a part
// in it. Most stand elsewhere already: the name points there, and fails when it points at nothing.

import { tmpdir } from 'node:os'
import { describe, expect, it } from 'vitest'
import { pinPrefix, pinRef } from '../../src/domain/sync/pin.ts'
import { SYNC_STATES } from '../../src/domain/sync/state.ts'
import { tryGit } from '../support/temp-repo.ts'
import { standsIn } from '../support/workbench/stands-in.ts'
import { SCENARIOS } from '../support/workbench/sync-states/scenarios.ts'

describe('test_hard_reset_recovery, backup ref name', () => {
  const one = pinPrefix({ sessionId: 'rope-1', unixNs: 1_790_000_000_000_000_001n, random: 'aaaa' })

  it('backup_ref_is_namespaced_by_session: one listing shows the pins of one session', async () => {
    expect(one).toBe('refs/belay/backup/rope-1/1790000000000000001-aaaa')
    for (const leaf of ['head', 'index', 'worktree'] as const) {
      const { exitCode } = await tryGit({
        cwd: tmpdir(),
        args: ['check-ref-format', pinRef(one, leaf)],
      })
      expect(exitCode).toBe(0)
    }
  })

  it('backup_ref_is_unique: nanoseconds and chance', () => {
    const two = pinPrefix({ sessionId: 'rope-1', unixNs: 1_790_000_000_000_000_002n, random: 'aaaa' })
    expect(two).not.toBe(one)
  })
})

describe('test_hard_reset_recovery, outcome shape', () => {
  it.each([
    ['outcome_shape_reset', 'conflict', 'divergence_recovered_via_reset'],
    ['outcome_shape_clean', 'equal', 'already_in_sync'],
    ['outcome_shape_doubly_failed', 'recovery_fails', 'divergence_rebase_and_reset_failed'],
  ] as const)('%s is the row %s', (_name, id, expected) => {
    expect(SYNC_STATES[id].case).toBe(expected)
    expect(SCENARIOS[id]).toHaveProperty('arrange')
  })
})

/** Name of the seed's test, where ours stands, and its title there. */
const ELSEWHERE: readonly (readonly [string, string, string])[] = [
  ['question_lists_commits_and_ref', 'test/domain/text/question-comment.test.ts', 'asks about a hard reset'],
  [
    'question_without_ref',
    'test/domain/text/question-comment.test.ts',
    'fetches from GitHub only the pins that were pushed',
  ],
  [
    'question_doubly_failed',
    'test/domain/text/question-comment.test.ts',
    'offers abort only when the reset failed too',
  ],
  ['emission_context', 'test/workflows/open-decision.test.ts', "context: 'hard_reset_recovery:implement'"],
  ['dispatch_continue', 'test/workflows/answer-decision.test.ts', 'answerDecision, through every door'],
  ['dispatch_abort', 'test/e2e/abort.test.ts', 'abort'],
  [
    'dispatch_unknown_raises_alert',
    'test/e2e/unanswerable.test.ts',
    'hard_reset_recovery_unknown_resolution',
  ],
  [
    'dispatch_valid_options_label',
    'test/domain/decision/answer.test.ts',
    'gives one verdict for every form of the same answer',
  ],
  [
    'dispatch_valid_options_empty',
    'test/domain/decision/answer.test.ts',
    'refuses what is no option and leaves the question open',
  ],
  [
    'dispatch_valid_options_abort_only',
    'test/domain/decision/answer.test.ts',
    'takes nothing but abort when the reset failed as well',
  ],
  [
    'dispatch_valid_options_not_consumed',
    'test/workflows/answer-decision.test.ts',
    'and keeps the question open',
  ],
  [
    'wording_regression',
    'test/domain/text/question-comment.test.ts',
    'never sends anybody from `abort` to `/belay run`',
  ],
  ['doubly_failed_is_loud', 'test/domain/sync/settle.test.ts', 'divergence_rebase_and_reset_failed'],
  [
    'doubly_failed_abort_only',
    'test/domain/decision/answer.test.ts',
    'takes nothing but abort when the reset failed as well',
  ],
  [
    'doubly_failed_continue_refused',
    'test/domain/decision/answer.test.ts',
    "resolveAnswer(doublyFailed, 'continue')",
  ],
  [
    'fail_and_emit_order',
    'test/workflows/open-decision.test.ts',
    'phase.failed,pipeline.failed,decision.created',
  ],
  ['fail_and_emit_hook_order', 'test/workflows/open-decision.test.ts', '{ ...asked, announced: null }'],
  ['fail_and_emit_flag_threading', 'test/workflows/open-decision.test.ts', 'isReset: true'],
  // The seed probes during each save; ours looks from another connection after every commit, so in every gap too.
  ['fail_and_emit_real_lock', 'test/workflows/open-decision.test.ts', 'watchFromOutside'],
]

describe('test_hard_reset_recovery, where it stands', () => {
  it.each(ELSEWHERE)('%s: %s', async (_name, file, title) => {
    await standsIn(file, title)
  })
})
