import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommands } from '../../../src/domain/command/parse-commands.ts'
import type { ProblemLine } from '../../../src/domain/command/parsed-command.ts'
import { SYNC_CASES } from '../../../src/domain/sync/case.ts'
import type { SyncCase } from '../../../src/domain/sync/case.ts'
import { renderReply } from '../../../src/domain/text/replies.ts'
import type { Reply } from '../../../src/domain/text/reply.ts'
import { foreignText } from './hostile.ts'
import { decision, NOON, sha } from './samples.ts'
import { dangersOf, shapeOf } from './structure.ts'

const OPEN = decision()
const URL = 'https://github.com/acme/rocket/pull/7#issuecomment-9'

/** One reply of every kind; `text` stands wherever people, agents or git can write. */
function repliesWith(text: string): { readonly [K in Reply['kind']]: Extract<Reply, { kind: K }> } {
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

describe('renderReply', () => {
  it('says every reply in words', () => {
    const all = Object.values(repliesWith('some text')).map(
      (reply) => `[${reply.kind}]\n${renderReply(reply)}`,
    )
    expect(all.join('\n\n')).toMatchInlineSnapshot(`
      "[problem]
      \`some text\` was not run: \`rnu\` is not a command of Belay.

      Did you mean:

      \`\`\`text
      /belay run
      \`\`\`

      [refused]
      \`run\` needs the role \`write\` or higher in this repository; yours is \`triage\`. Nothing was done. Somebody with that role can repeat the command.

      [no_session]
      There is no session on this pull request, so there is nothing to sync. To start one:

      \`\`\`text
      /belay run
      \`\`\`

      [session_running]
      A session is running on this pull request already: [rocket-1](https://github.com/acme/rocket/pull/7#issuecomment-9), started by \`some text\`. No second one was started. To end it, keeping everything:

      \`\`\`text
      /belay stop
      \`\`\`

      [pr_not_open]
      This pull request is merged, so no session can be started on it. Use another one.

      [fork_refused]
      The branch of this pull request lies in a fork. Belay does not run on forks: it could not push there, and code from outside must not run here. Somebody who trusts the code can push it to a branch of this repository and open a pull request from there.

      [not_on_issues]
      \`run\` works on pull requests only in this version of Belay. Open a pull request and write the command there.

      [isolation_refused]
      No agent was started: the operator has not said yet how agents are kept apart from the machine they run on. An agent runs code from the pull request, so there is no default. One of these lines in the configuration of Belay decides it:

      \`\`\`text
      BELAY_ISOLATION=wrapper
      BELAY_AGENT_WRAPPER=<a sandbox and its arguments, put before every agent>
      \`\`\`

      or, when everybody who may start a session may also run any program as the user of Belay:

      \`\`\`text
      BELAY_ISOLATION=none
      \`\`\`

      [unknown_agent]
      There is no agent with the name \`some text\`. Nothing was started. Known here: \`claude-code\` and \`codex\`.

      Did you mean:

      \`\`\`text
      /belay run codex
      \`\`\`

      [agent_not_found]
      The program \`some text\` of the agent \`codex\` is not on the runner. Nothing was started. The operator can install it there, or correct \`binary\` in the file that \`BELAY_AGENTS_FILE\` names.

      [branch_refused]
      The branch name \`some text\` is not one that Belay can work with. Nothing was started. Rename the branch and try again.

      [repeated]
      \`stop\` was done already, as [this comment](https://github.com/acme/rocket/pull/7#issuecomment-9) asked. Nothing was done a second time.

      [broken]
      \`run\` could not be done. The worktree is gone. Nothing was discarded.

      [question_open]
      \`sync\` was not done: question \`k3m9qx\` is open, and nothing runs until it is answered. Its answers:

      \`\`\`text
      /continue k3m9qx
      /abort k3m9qx
      /belay rescue k3m9qx
      \`\`\`

      [several_open]
      2 questions are open here, so the answer must name one of them:

      \`\`\`text
      /continue k3m9qx
      /continue n4p7rs
      \`\`\`

      - \`k3m9qx\`: The branch diverged and was reset, phase \`implement\`
      - \`n4p7rs\`: The branch diverged and was reset, phase \`implement\`

      [already_answered]
      Question \`k3m9qx\` was answered already: \`some text\` chose \`abort\` on the command line at 2025-01-31 12:00 UTC. The first valid answer counts; nothing was done a second time.

      [withdrawn]
      Question \`k3m9qx\` was withdrawn, so this answer does not count. The branch, its base or the repository moved before anybody answered, so the facts it was asked about are out of date. The question to answer now is \`n4p7rs\`:

      \`\`\`text
      /continue n4p7rs
      \`\`\`

      [unknown_question]
      There is no question \`some text\` on this pull request. Nothing was done. Open here:

      - \`k3m9qx\`: The branch diverged and was reset, phase \`implement\`

      \`\`\`text
      /continue k3m9qx
      /abort k3m9qx
      /belay rescue k3m9qx
      \`\`\`

      [not_an_option]
      \`some text\` is not an option of question \`k3m9qx\`; it stays open. Its options are \`continue\`, \`abort\` and \`rescue\`:

      \`\`\`text
      /continue k3m9qx
      /abort k3m9qx
      /belay rescue k3m9qx
      \`\`\`

      [edited_comment]
      This comment was edited, and an edited comment gives no consent: nobody could tell later what was agreed to. Nothing was done. Write the line in a new comment:

      \`\`\`text
      /continue k3m9qx
      \`\`\`

      [nothing_to_abort]
      No question is open here, so there is nothing to abort. To end the session \`rocket-1\`, keeping everything:

      \`\`\`text
      /belay stop
      \`\`\`

      [nothing_to_answer]
      No question is open on this pull request, so \`continue\` has nothing to answer. Nothing was done.

      [question_replaced]
      The branch, its base or the repository moved before question \`k3m9qx\` was answered, so it was withdrawn. The question to answer now is [n4p7rs](https://github.com/acme/rocket/pull/7#issuecomment-9).

      [help]
      You can use these commands here and now, with the role \`write\`:

      | Command | What it does |
      | --- | --- |
      | \`/belay run claude-code -- Fix the failing parser test\` | Start a session on this pull request. |

      A command stands at the start of a line. Text in quotes, code, lists and links never counts.

      [stopped]
      The session \`rocket-1\` was stopped: no agent runs, and nothing is pushed to \`feature\` any more. The worktree, every pin and the branch are kept as they are. Question \`k3m9qx\` was withdrawn and needs no answer any more.

      [synced]
      The worktree was moved forward to the remote branch. \`feature\` is at \`3333333\` in the worktree; before, it was at \`0000000\`.

      [sync_deferred]
      The agent is at work on phase \`some text\`, and the worktree is its own until then. The sync runs as soon as the attempt has ended.

      [rescued]
      The pinned commits are on the branch \`belay/rescue/rocket-1-1\`, up to \`2222222\`: [compare](https://github.com/acme/rocket/compare/feature...belay%2Frescue%2Frocket-1-1). Question \`k3m9qx\` is still open:

      \`\`\`text
      /continue k3m9qx
      /abort k3m9qx
      /belay rescue k3m9qx
      \`\`\`

      [rescue_refused]
      The branch \`belay/rescue/rocket-1-1\` could not be pushed. A repository rule refused the push. The pin is untouched, and the command can be repeated.

      \`\`\`text
      GH013 some text
      \`\`\`

      [rescued_before]
      The pinned work was put on the branch \`belay/rescue/rocket-1-1\` before, and somebody moved that branch since; it was left alone: [compare](https://github.com/acme/rocket/compare/feature...belay%2Frescue%2Frocket-1-1).

      [nothing_to_rescue]
      This session has no pinned commits, so there is nothing to rescue.

      [nothing_dirty]
      Nothing was pushed: of the uncommitted files in the pin \`1738324800000000000-k3m9\` none may leave the machine. Not pushed, because it looks like a secret: \`some text\`. Its commits alone:

      \`\`\`text
      /belay rescue 1738324800000000000-k3m9
      \`\`\`

      [pin_damaged]
      The pin \`1738324800000000000-k3m9\` could not be read back whole on the machine that runs Belay, so nothing was pushed. An alert was raised for the operator; what the remote has of it is kept.

      \`\`\`text
      some text
      \`\`\`

      [unknown_backup]
      There is no pin \`some text\` on this pull request. Nothing was done. The newest here is \`1738324800000000000-k3m9\` of 2025-01-31 12:00 UTC:

      \`\`\`text
      /belay rescue 1738324800000000000-k3m9
      \`\`\`

      [config_faults]
      \`.github/belay.yml\` has faults. The command was run with the last good configuration, or with the defaults when there never was one.

      - Line 2, column 1 \`some text\`: some text some text"
    `)
  })

  it.each([
    ['/belay rnu', 'Did you mean'],
    ['/belay frobnicate', 'This lists the commands'],
    ['/belay retry', 'not available yet'],
    ['/belay answer', 'the option to answer with'],
    ['/belay stop now', 'takes nothing after it'],
    ['/belay run codex fix it', 'A prompt stands after `--`.'],
    ['/belay continue K3M9QX1', 'can not be the id of a question'],
    ['/belay run @x', 'can not be the name of an agent'],
  ])('explains %j', (line, words) => {
    const body = renderReply({ kind: 'problem', line: problemLine(line, line) })
    expect(body).toContain(words)
    expect(body).toContain(`\`${line}\` was not run: `)
  })

  it('ends every explained problem with a line that is a command', () => {
    for (const line of [
      '/belay rnu',
      '/belay frobnicate',
      '/belay retry',
      '/belay answer',
      '/belay stop now',
    ]) {
      const body = renderReply({ kind: 'problem', line: problemLine(line, line) })
      const copied = /```text\n(.+)\n```$/u.exec(body)?.[1] ?? ''
      expect(parseCommands(copied, { appSlug: 'belay' }).map((parsed) => parsed.kind)).toEqual(['command'])
    }
  })

  it('mentions the person who is asked when a question took the place of another', () => {
    const reply = { ...repliesWith('x').question_replaced, asks: 'alice' }
    expect(renderReply(reply)).toMatch(
      /^@alice The branch, its base or the repository moved before question `k3m9qx` was answered/u,
    )
  })

  it('says for every sync case what happened', () => {
    for (const [name, spec] of Object.entries(SYNC_CASES)) {
      const body = renderReply({ ...repliesWith('x').synced, case: name as SyncCase })
      expect(body.startsWith(spec.meaning)).toBe(true)
    }
  })

  it('mentions nobody, keeps its shape and stays harmless whatever foreign text it carries', () => {
    const benign = Object.values(repliesWith('plain')).map((reply) => shapeOf(renderReply(reply)))
    fc.assert(
      fc.property(foreignText(), (text) => {
        const bodies = Object.values(repliesWith(text)).map((reply) => renderReply(reply))
        expect(bodies.flatMap((body) => dangersOf(body))).toEqual([])
        expect(bodies.map((body) => shapeOf(body))).toEqual(benign)
        expect(Math.max(...bodies.map((body) => body.length))).toBeLessThan(20_000)
      }),
      { numRuns: 30 },
    )
  })
})

function problemLine(source: string, line = '/belay rnu'): ProblemLine {
  const parsed = parseCommands(line, { appSlug: 'belay' })[0]
  if (parsed?.kind !== 'problem') throw new Error(`Not a problem: ${line}`)
  return { ...parsed, source }
}
