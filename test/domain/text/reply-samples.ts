// One reply of every kind, for tests of texts.

import { parseCommands } from '../../../src/domain/command/parse-commands.ts'
import type { ProblemLine } from '../../../src/domain/command/parsed-command.ts'
import { choiceOptions } from '../../../src/domain/decision/decision.ts'
import type { Reply } from '../../../src/domain/text/reply.ts'
import { decision, NOON, sha } from './samples.ts'

const OPEN = decision()
const URL = 'https://github.com/acme/rocket/pull/7#issuecomment-9'

/** Returns one reply of every kind; `text` stands wherever people, agents or git can write. */
export function repliesWith(text: string): { readonly [K in Reply['kind']]: Extract<Reply, { kind: K }> } {
  return {
    problem: { kind: 'problem', line: problemLine(text) },
    refused: { kind: 'refused', verb: 'run', role: 'triage', needs: 'write' },
    no_session: { kind: 'no_session', verb: 'sync' },
    session_running: { kind: 'session_running', sessionId: 'rocket-1', startedBy: text, statusUrl: URL },
    pr_not_open: { kind: 'pr_not_open', state: 'merged' },
    fork_refused: { kind: 'fork_refused' },
    not_on_issues: { kind: 'not_on_issues', verb: 'run' },
    isolation_refused: { kind: 'isolation_refused', reason: 'unset' },
    unknown_agent: {
      kind: 'unknown_agent',
      agent: text,
      known: ['claude-code', 'codex'],
      didYouMean: 'codex',
    },
    agent_not_found: { kind: 'agent_not_found', agent: 'codex', binary: text },
    branch_refused: { kind: 'branch_refused', branch: text },
    attempt_running: { kind: 'attempt_running', verb: 'populate', phase: text },
    merging: { kind: 'merging', verb: 'run' },
    not_restartable: { kind: 'not_restartable', verb: 'retry', status: 'complete' },
    populate_failed: {
      kind: 'populate_failed',
      reason: 'parse_failed',
      path: text,
      faults: [{ line: 4, message: `There are two tasks ${text}.` }],
    },
    repeated: { kind: 'repeated', verb: 'stop', firstUrl: URL },
    broken: { kind: 'broken', verb: 'run', message: 'The worktree is gone.', hint: 'Nothing was discarded.' },
    question_open: { kind: 'question_open', verb: 'sync', question: OPEN },
    several_open: {
      kind: 'several_open',
      optionId: 'continue',
      questions: [OPEN, { ...OPEN, id: 'n4p7rs' }],
    },
    already_answered: {
      kind: 'already_answered',
      id: 'k3m9qx',
      answer: 'abort',
      by: text,
      via: 'cli',
      at: NOON,
    },
    withdrawn: {
      kind: 'withdrawn',
      id: 'k3m9qx',
      reason: 'superseded',
      optionId: 'continue',
      successor: { ...OPEN, id: 'n4p7rs' },
    },
    unknown_question: { kind: 'unknown_question', id: text, open: [OPEN] },
    not_an_option: { kind: 'not_an_option', id: 'k3m9qx', answer: text, options: OPEN.options },
    edited_comment: { kind: 'edited_comment', line: '/continue k3m9qx' },
    nothing_to_abort: { kind: 'nothing_to_abort', sessionId: 'rocket-1' },
    nothing_to_answer: { kind: 'nothing_to_answer', verb: 'continue' },
    question_replaced: { kind: 'question_replaced', asks: null, oldId: 'k3m9qx', newId: 'n4p7rs', url: URL },
    wrong_phase: { kind: 'wrong_phase', id: 'k3m9qx', phase: text, now: 'implement' },
    reminder: {
      kind: 'reminder',
      asks: null,
      question: {
        ...OPEN,
        kind: 'agent_question',
        phase: text,
        options: choiceOptions([text, 'The second one']),
      },
      openMs: 26 * 3_600_000,
      url: URL,
    },
    question_expired: {
      kind: 'question_expired',
      asks: null,
      id: 'k3m9qx',
      afterMs: 7 * 24 * 3_600_000,
      cancelled: true,
    },
    populated: { kind: 'populated', phase: 'plan', path: text, tasks: 3, changed: true },
    phase_restarted: { kind: 'phase_restarted', phase: text },
    help: {
      kind: 'help',
      role: 'write',
      usable: [
        {
          example: '/belay run claude-code -- Fix the failing parser test',
          summary: 'Start a session on this pull request.',
        },
      ],
    },
    stopped: { kind: 'stopped', sessionId: 'rocket-1', branch: 'feature', withdrawnQuestion: 'k3m9qx' },
    synced: {
      kind: 'synced',
      case: 'fast_forwarded',
      branch: 'feature',
      before: sha('0'),
      after: sha('3'),
      questionId: null,
    },
    sync_deferred: { kind: 'sync_deferred', phase: text },
    rescued: {
      kind: 'rescued',
      branch: 'belay/rescue/rocket-1-1',
      head: sha('2'),
      compareUrl: 'https://github.com/acme/rocket/compare/feature...belay%2Frescue%2Frocket-1-1',
      openQuestion: OPEN,
    },
    rescue_refused: {
      kind: 'rescue_refused',
      branch: 'belay/rescue/rocket-1-1',
      refusal: 'ruleset',
      detail: `GH013 ${text}`,
    },
    rescued_before: {
      kind: 'rescued_before',
      branch: 'belay/rescue/rocket-1-1',
      compareUrl: 'https://github.com/acme/rocket/compare/feature...belay%2Frescue%2Frocket-1-1',
      openQuestion: null,
    },
    nothing_to_rescue: { kind: 'nothing_to_rescue' },
    nothing_dirty: {
      kind: 'nothing_dirty',
      backupId: '1738324800000000000-k3m9',
      leftOut: [{ path: text, reason: 'secret_like' }],
    },
    pin_damaged: { kind: 'pin_damaged', backupId: '1738324800000000000-k3m9', detail: text },
    unknown_backup: {
      kind: 'unknown_backup',
      name: text,
      known: [{ id: '1738324800000000000-k3m9', createdAt: NOON }],
    },
    config_faults: {
      kind: 'config_faults',
      faults: [{ line: 2, column: 1, path: text, message: text, hint: text }],
    },
  }
}

/** Returns the problem that a line has, as if it had been written as `source`. */
export function problemLine(source: string, line = '/belay rnu'): ProblemLine {
  const parsed = parseCommands(line, { appSlug: 'belay' })[0]
  if (parsed?.kind !== 'problem') throw new Error(`Not a problem: ${line}`)
  return { ...parsed, source }
}
