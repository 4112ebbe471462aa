// The words of questions about the work of a phase.

import { describe, expect, it } from 'vitest'
import type { Decision } from '../../../src/domain/records.ts'
import { renderQuestion, type QuestionContext } from '../../../src/domain/text/question-comment.ts'
import { agentDecision, consensusDecision, contractDecision, failureDecision } from './question-samples.ts'

const CONTEXT: QuestionContext = { asks: 'alice', needs: 'write', rescues: [], replaces: [] }

describe('renderQuestion about the work of a phase', () => {
  it('says of an empty contract what was found, and how to correct it', () => {
    expect(renderQuestion(contractDecision(), CONTEXT)).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`plan\` can go on. This is question \`k3m9qx\`.

      ### The plan holds no tasks

      After phase \`plan\` had done its work, Belay looked for the tasks it planned. The plan \`.belay/plan.md\` was found, and its tasks can not be read. The pipeline stopped there; the worktree was left in step with the branch, and nothing was discarded.

      What is wrong in \`.belay/plan.md\`:

      - Line 4: The id \\\`parser\\\` is taken by the task in line 2.
      - Line 9: There is no task \\\`lexer\\\`; did you mean \\\`lexing\\\`?

      **What helps.** Put the tasks into \`.belay/plan.md\` on \`feature\` and push: as a task list (\`- [ ] Title of the task\`), or in a block of code marked \`yaml tasks\`. After the push this question is asked anew for the new commit; answer it there with \`populate\`. Or have the phase that makes the plan run again with \`retry\`.

      |  |  |
      | --- | --- |
      | Branch | \`feature\` at \`3333333\` |
      | The plan is expected at | \`.belay/plan.md\` |

      ### Your choices

      **Repopulate contract from plan draft and retry.** The worktree is synced and the plan is read again; with tasks in it the pipeline goes on. Correct the plan on the branch first.

      \`\`\`text
      /belay answer populate k3m9qx
      \`\`\`

      **Restart plan phase.** The phase that makes the plan runs again from its producer, which is told what was wrong.

      \`\`\`text
      /belay answer retry k3m9qx
      \`\`\`

      **Abort pipeline.** The pipeline is cancelled. The worktree and every pin stay as they are.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      Copy one line into a comment. The buttons of the check \`Belay\` do the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to \`feature\`. If the branch moves first, this question is withdrawn and asked anew for the new commit."
    `)
    const missing = contractDecision(
      { reason: 'draft_missing', gate: 'phase_start', faults: [] },
      { phase: 'implement' },
    )
    expect(beginning(missing)).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`implement\` can go on. This is question \`k3m9qx\`.

      ### The plan holds no tasks

      Before phase \`implement\` could start, Belay looked for the tasks it is to work on. There is no plan: no ordinary file of at most 1 MiB is at \`.belay/plan.md\`. The pipeline stopped there; the worktree was left in step with the branch, and nothing was discarded.

      **What helps.** Put the tasks into \`.belay/plan.md\` on \`feature\` and push: as a task list (\`- [ ] Title of the task\`), or in a block of code marked \`yaml tasks\`. After the push this question is asked anew for the new commit; answer it there with \`populate\`. Or have the phase that makes the plan run again with \`retry\`.

      |  |  |
      | --- | --- |
      | Branch | \`feature\` at \`3333333\` |
      | The plan is expected at | \`.belay/plan.md\` |"
    `)
    expect(beginning(contractDecision({ reason: 'empty_result', faults: [] }))).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`plan\` can go on. This is question \`k3m9qx\`.

      ### The plan holds no tasks

      After phase \`plan\` had done its work, Belay looked for the tasks it planned. The plan \`.belay/plan.md\` was found and reads well, and it holds no task: neither a block \`yaml tasks\` with one, nor a task list. The pipeline stopped there; the worktree was left in step with the branch, and nothing was discarded.

      **What helps.** Put the tasks into \`.belay/plan.md\` on \`feature\` and push: as a task list (\`- [ ] Title of the task\`), or in a block of code marked \`yaml tasks\`. After the push this question is asked anew for the new commit; answer it there with \`populate\`. Or have the phase that makes the plan run again with \`retry\`.

      |  |  |
      | --- | --- |
      | Branch | \`feature\` at \`3333333\` |
      | The plan is expected at | \`.belay/plan.md\` |"
    `)
  })

  it('blames no step that did not happen', () => {
    for (const reason of ['draft_missing', 'parse_failed', 'empty_result'] as const) {
      const body = renderQuestion(contractDecision({ reason, faults: [] }), CONTEXT)
      expect(body).not.toMatch(/silent|earlier|previous|populate-from-plan|step failed/iu)
    }
  })

  it('says of reviewers and agent who refused what and why, and that nothing is pushed yet', () => {
    expect(renderQuestion(consensusDecision(), CONTEXT)).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`implement\` can go on. This is question \`k3m9qx\`.

      ### The reviewers and the agent do not agree

      The work of phase \`implement\` was reviewed in 3 rounds, and \`strict\` refused it in the last one. The commit that was proposed last, \`6666666\`, is in the worktree and **not on \`feature\` yet**: it is pushed only when it is accepted. Nothing was discarded.

      \`strict\` refused \`6666666\` in round 3:

      > - The test does not fail without the change.
      > - It sleeps.

      <details><summary>Earlier rounds (2)</summary>

      \`strict\` refused \`4444444\` in round 1:

      > - There is no test.

      \`careful\` refused \`4444444\` in round 1:

      > - A header can be empty.

      Round 2, \`5555555\`: its verdicts count no more, because the branch moved on in a way that touches it.

      </details>

      |  |  |
      | --- | --- |
      | Branch | \`feature\` at \`3333333\` |
      | Proposed | \`6666666666666666666666666666666666666666\`, not pushed |
      | Where it lies | \`$BELAY_HOME/sessions/rocket-1/tree\`, on the runner |

      ### Your choices

      **Accept the work as it is.** The proposed commit counts as accepted: it is pushed and the pipeline goes on.

      \`\`\`text
      /belay answer accept k3m9qx
      \`\`\`

      **Another round.** A new attempt of the agent is told the refusals, and its work is reviewed again, for as many rounds as before.

      \`\`\`text
      /belay answer retry k3m9qx
      \`\`\`

      **Abort pipeline.** The pipeline is cancelled. The worktree and every pin stay as they are.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      Copy one line into a comment. The buttons of the check \`Belay\` do the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to \`feature\`. If the branch moves first, this question is withdrawn and asked anew for the new commit."
    `)
  })

  it('says of an agent how it ended, what is pinned and how to get it', () => {
    expect(renderQuestion(failureDecision(), CONTEXT)).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`implement\` can go on. This is question \`k3m9qx\`.

      ### The agent did not end well

      The agent \`claude-code\` of phase \`implement\` did not end well. It had 3 attempts since the phase was started last, and this is how the last one ended:

      > The agent ended with exit code 3.

      What the agent left is in the worktree as it left it. Belay committed nothing of it and pushed nothing to \`feature\`. It is pinned as well, with every uncommitted file.

      To have it on a branch of its own in this repository, without answering: its commits, or the uncommitted files with them.

      \`\`\`text
      /belay rescue 1738324800000000000-k3m9
      /belay rescue 1738324800000000000-k3m9 --dirty
      \`\`\`

      |  |  |
      | --- | --- |
      | Branch | \`feature\` at \`3333333\` |
      | Agent | \`claude-code\`, producer |
      | Where the worktree lies | \`$BELAY_HOME/sessions/rocket-1/tree\`, on the runner |
      | Pinned as | \`refs/belay/backup/rocket-1/1738324800000000000-k3m9/head\`, on the runner |
      | Uncommitted files | \`notes.txt\` in \`refs/belay/backup/rocket-1/1738324800000000000-k3m9/worktree\`, on the runner |

      ### To get at the pinned commits yourself

      \`2222222\` lies only on the machine that runs Belay. Fetch them there, in a clone of this repository, with \`BELAY_HOME\` as the full path of Belay’s home:

      \`\`\`sh
      git fetch "$BELAY_HOME/mirrors/rocket.git" refs/belay/backup/rocket-1/1738324800000000000-k3m9/head
      git branch rescue-k3m9qx 2222222222222222222222222222222222222222
      \`\`\`

      ### Your choices

      **Try the phase again.** A new attempt starts from the worktree as it lies, after a sync; it is told how the last one ended and what is pinned.

      \`\`\`text
      /belay answer retry k3m9qx
      \`\`\`

      **Abort pipeline.** The pipeline is cancelled. The worktree and every pin stay as they are.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      Copy one line into a comment. The buttons of the check \`Belay\` do the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to \`feature\`. If the branch moves first, this question is withdrawn and asked anew for the new commit."
    `)
    const review = failureDecision({ role: 'reviewer', agent: 'strict', attempts: 1, pins: [] })
    expect(beginning(review)).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`implement\` can go on. This is question \`k3m9qx\`.

      ### The agent did not end well

      The agent \`strict\`, which reviews the work of phase \`implement\`, did not end well. It had 1 attempt since the phase was started last, and this is how the last one ended:

      > The agent ended with exit code 3.

      A review without a verdict accepts nothing: the commit that it was about is in the worktree and was not pushed to \`feature\`.

      |  |  |
      | --- | --- |
      | Branch | \`feature\` at \`3333333\` |
      | Agent | \`strict\`, reviewer |
      | Where the worktree lies | \`$BELAY_HOME/sessions/rocket-1/tree\`, on the runner |"
    `)
  })

  it('quotes what an agent asks and what it offers to choose from', () => {
    expect(renderQuestion(agentDecision(), CONTEXT)).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`implement\` can go on. This is question \`k3m9qx\`.

      ### The agent asks

      The agent \`claude-code\` ended its attempt of phase \`implement\` with a question. These are its own words:

      > The old parser accepts tabs.
      >
      > Should the new one accept them too?

      The phase is not complete. When you choose one of its answers, a new attempt begins that is told question and answer.

      |  |  |
      | --- | --- |
      | Branch | \`feature\` at \`3333333\` |
      | Choice \`a\` | Yes, accept tabs |
      | Choice \`b\` | No, refuse them |

      ### Your choices

      **Yes, accept tabs.** A new attempt of the agent is told this choice.

      \`\`\`text
      /belay answer a k3m9qx
      \`\`\`

      **No, refuse them.** A new attempt of the agent is told this choice.

      \`\`\`text
      /belay answer b k3m9qx
      \`\`\`

      **Abort pipeline.** The pipeline is cancelled. The worktree and every pin stay as they are.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      Copy one line into a comment. The buttons of the check \`Belay\` do the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to \`feature\`. If the branch moves first, this question is withdrawn and asked anew for the new commit."
    `)
  })
})

function beginning(question: Decision): string {
  const body = renderQuestion(question, CONTEXT)
  return body.slice(0, body.indexOf('\n\n### Your choices'))
}
