// Questions whose branch moved on since they were first asked, and questions about a worktree whose pipeline had ended.
import { describe, expect, it } from 'vitest'
import { renderQuestion } from '../../../src/domain/text/question-comment.ts'
import type { QuestionContext } from '../../../src/domain/text/question-comment.ts'
import { blockedDecision, decision, details, sha } from './samples.ts'

const CONTEXT: QuestionContext = { asks: 'alice', needs: 'write', rescues: [], replaces: [] }

describe('renderQuestion', () => {
  it('says where the branch is and where the worktree is when the branch moved on since the reset', () => {
    const asked = decision({ id: 'n4p7rs', headSha: sha('5') })
    expect(beforeChoices(renderQuestion(asked, { ...CONTEXT, replaces: ['k3m9qx'] }))).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`implement\` can go on. This is question \`n4p7rs\`.

      It takes the place of \`k3m9qx\`: the branch, its base or the repository moved before anybody answered.

      ### The branch diverged and was reset

      After the agent finished phase \`implement\`, the worktree and \`feature\` on GitHub had grown apart, and 2 commits could not be replayed without conflicts. Belay pinned everything that was in the worktree, read the pin back, and then reset the worktree to \`3333333\`, the commit on GitHub then. Nothing is lost.

      \`feature\` moved on to \`5555555\` since, which the next sync brings in.

      \`\`\`mermaid
      %%{init: {'gitGraph': {'mainBranchName': 'GitHub', 'rotateCommitLabel': false}}}%%
      gitGraph
        commit id: "0000000"
        branch worktree
        commit id: "1111111" type: REVERSE
        commit id: "2222222" type: REVERSE tag: "pinned"
        checkout GitHub
        commit id: "3333333" tag: "worktree is here now"
      \`\`\`

      |  |  |
      | --- | --- |
      | Branch | \`feature\` |
      | On GitHub | \`5555555\` |
      | Worktree before | \`2222222\` |
      | Worktree now | clean, at \`3333333\` |
      | Where it lies | \`$BELAY_HOME/sessions/rocket-1/tree\`, on the runner |
      | Conflicting files | \`src/parser.ts\` |
      | Pinned as | \`refs/belay/backup/rocket-1/1738324800000000000-k3m9/head\`, on GitHub and on the runner |

      **Set aside from the worktree** (2 commits, oldest first)

      | Commit | Subject | Author |
      | --- | --- | --- |
      | \`1111111\` | Parse the header | belay\\[bot\\] |
      | \`2222222\` | Reject an empty header | belay\\[bot\\] |

      "
    `)
  })

  it('does not promise that a later sync brings in what moved when there was no reset', () => {
    const failed = details({ case: 'divergence_rebase_and_reset_failed', isReset: false })
    const body = renderQuestion(decision({ details: failed, headSha: sha('5') }), CONTEXT)
    expect(body).toContain('`feature` moved on to `5555555` since.')
    expect(body).toContain('tag: "on GitHub then"')
    expect(body).toContain('| On GitHub | `5555555` |')
    const blocked = blockedDecision({ case: 'blocked_dirty' })
    expect(renderQuestion({ ...blocked, headSha: sha('5') }, CONTEXT)).toContain(
      'moved on to `5555555` since.',
    )
    expect(renderQuestion(blocked, CONTEXT)).not.toContain('moved on')
    const unknown = blockedDecision({ case: 'fetch_failed', remoteHead: null })
    expect(renderQuestion({ ...unknown, headSha: sha('5') }, CONTEXT)).not.toContain('5555555')
  })

  it('asks about the worktree alone when the pipeline had ended before', () => {
    const asked = blockedDecision({ case: 'blocked_dirty', note: 'src/parser.ts' }, 'worktree')
    expect(renderQuestion(asked, CONTEXT)).toMatchInlineSnapshot(`
      "@alice: a decision is needed: the worktree of session \`rocket-1\` can not be synced. This is question \`k3m9qx\`.

      ### The worktree could not be synced

      After the pipeline had ended, the sync stopped. Uncommitted changes lie in files that the remote changed as well. Nothing was discarded.

      **What helps.** Commit or remove the changes named below in the worktree, then choose \`continue\`. Or choose \`reset\`: everything is pinned again, and the worktree follows the branch on GitHub.

      \`\`\`text
      src/parser.ts
      \`\`\`

      |  |  |
      | --- | --- |
      | Branch | \`feature\` |
      | On GitHub | \`3333333\` |
      | Worktree before | \`2222222\` |
      | Worktree now | as it was, at \`2222222\` |
      | Where it lies | \`$BELAY_HOME/sessions/rocket-1/tree\`, on the runner |

      ### Your choices

      **Try the sync again.** The sync is tried again from the start. No phase runs.

      \`\`\`text
      /continue k3m9qx
      \`\`\`

      **Reset to the remote branch.** Everything in the worktree is pinned again, then it is reset to the branch on GitHub. No phase runs.

      \`\`\`text
      /belay answer reset k3m9qx
      \`\`\`

      **Close the question.** The question is closed. The worktree and every pin stay as they are.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      Copy one line into a comment. The buttons of the check \`Belay\` do the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to \`feature\`. If the branch moves first, this question is withdrawn and asked anew for the new commit."
    `)
  })

  it('names a reset of the worktree as such when the pipeline had ended before', () => {
    const body = renderQuestion(decision({ concerns: 'worktree' }), CONTEXT)
    expect(body.split('\n')[0]).toBe(
      '@alice: a decision is needed: the worktree of session `rocket-1` was reset. This is question `k3m9qx`.',
    )
    expect(body).toContain('The sync is tried again, from the worktree as it is now.')
    expect(body).toContain('The question is closed. The worktree and every pin stay as they are.')
    expect(body).not.toMatch(/before phase|phase runs again|pipeline is cancelled|Abort pipeline/u)
  })
})

function beforeChoices(body: string): string {
  return body.slice(0, body.indexOf('### To get at'))
}
