import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommands } from '../../../src/domain/command/parse-commands.ts'
import { SYNC_CASES } from '../../../src/domain/sync/case.ts'
import type { SyncCase } from '../../../src/domain/sync/case.ts'
import { renderReply } from '../../../src/domain/text/replies.ts'
import { foreignText } from './hostile.ts'
import { problemLine, repliesWith } from './reply-samples.ts'
import { dangersOf, shapeOf } from './structure.ts'

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

      [attempt_running]
      \`populate\` was not done: an agent is at work on phase \`some text\`, and the worktree is its own until then. Repeat the command when the attempt has ended, or end the session, keeping everything:

      \`\`\`text
      /belay stop
      \`\`\`

      [merging]
      \`run\` was not done: GitHub is about to merge this pull request, and a new commit would stop that. Nothing starts and nothing is pushed meanwhile. If the work should go on first, take the pull request out of the merge queue or switch auto-merge off, and repeat the command.

      [not_restartable]
      \`retry\` was not done: the pipeline is complete. \`/belay run\` starts the phases from their beginning.

      [populate_failed]
      The contract was not filled. The plan \`some text\` was found, and its tasks can not be read. The worktree is in step with the branch; nothing else was changed.

      What is wrong in \`some text\`:

      - Line 4: There are two tasks some text.

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

      [wrong_phase]
      Question \`k3m9qx\` is about phase \`some text\`, and the pipeline is at phase \`implement\` now. The question was withdrawn, and the answer changed nothing.

      [reminder]
      Question [k3m9qx](https://github.com/acme/rocket/pull/7#issuecomment-9) has been open for 1 d 2 h, and nothing runs until it is answered.

      **The agent asks**, phase \`some text\`. Its answers:

      - \`a\`: some text
      - \`b\`: The second one
      - \`abort\`: Abort pipeline

      \`\`\`text
      /belay answer a k3m9qx
      /belay answer b k3m9qx
      /abort k3m9qx
      \`\`\`

      [question_expired]
      Question \`k3m9qx\` was open for 7 d without an answer, which is as long as \`decisions.expire\` of this repository allows. It is closed. The pipeline was cancelled; the worktree and every pin stay as they are. To run the phase again:

      \`\`\`text
      /belay retry
      \`\`\`

      [populated]
      Belay read the plan \`some text\` of phase \`plan\` after a sync; it holds 3 tasks. The contract has them now, and tasks that were there before keep their state.

      [phase_restarted]
      Phase \`some text\` runs again from its beginning. The agent is told how the last attempt ended and what is pinned.

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
    ['/belay restore', 'not available yet'],
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
      '/belay restore',
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

  it('mentions the person who is asked in a reminder, and when nobody answered in time', () => {
    const { reminder, question_expired: expired } = repliesWith('x')
    expect(renderReply({ ...reminder, asks: 'alice' })).toMatch(/^@alice: question \[k3m9qx\]\(/u)
    expect(renderReply({ ...reminder, url: null })).toMatch(/^Question `k3m9qx` has been open for 1 d 2 h/u)
    expect(renderReply({ ...expired, asks: 'alice' })).toMatch(/^@alice: question `k3m9qx` was open for 7 d/u)
    const still = renderReply({ ...expired, cancelled: false })
    expect(still).toContain('Nothing else was changed.')
    expect(still).not.toContain('retry')
  })

  it('says why a contract was not filled, and why no phase runs again', () => {
    const { populate_failed: failed, not_restartable: refused, populated } = repliesWith('x')
    const missing = renderReply({ ...failed, reason: 'no_contract_phase', faults: [] })
    expect(missing).toContain('no phase of this pipeline makes a plan')
    for (const reason of ['draft_missing', 'empty_result'] as const)
      expect(renderReply({ ...failed, reason, faults: [] })).toContain('The worktree is in step')
    const states = ['pending', 'running', 'awaiting_human', 'failed', 'complete', 'cancelled'] as const
    const bodies = states.map((status) => renderReply({ ...refused, status }))
    for (const body of bodies) expect(body).toMatch(/^`retry` was not done: [a-z].+\.$/u)
    expect(renderReply({ ...populated, tasks: 1, changed: false })).toContain('it holds 1 task, the same')
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
