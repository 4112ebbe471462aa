import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SYNC_CASES } from '../../../src/domain/sync/case.ts'
import type { SyncCase } from '../../../src/domain/sync/case.ts'
import type { RefName } from '../../../src/domain/ids.ts'
import { toBranchName } from '../../../src/domain/ids.ts'
import { renderQuestion } from '../../../src/domain/text/question-comment.ts'
import type { QuestionContext } from '../../../src/domain/text/question-comment.ts'
import { foreignText } from './hostile.ts'
import { blockedDecision, commit, decision, details, NOON, pinNote, sha } from './samples.ts'
import { dangersOf, shapeOf } from './structure.ts'

const CONTEXT: QuestionContext = {
  asks: 'alice',
  needs: 'write',
  rescues: [],
  replaces: [],
}
const BLOCKED = Object.entries(SYNC_CASES).flatMap(([name, spec]) =>
  spec.opens === 'sync_blocked' ? [name as SyncCase] : [],
)

describe('renderQuestion', () => {
  it('asks about a hard reset', () => {
    expect(renderQuestion(decision(), CONTEXT)).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`implement\` can go on. This is question \`k3m9qx\`.

      ### The branch diverged and was reset

      After the agent finished phase \`implement\`, the worktree and \`feature\` on GitHub had grown apart, and 2 commits could not be replayed without conflicts. Belay pinned everything that was in the worktree, read the pin back, and then reset the worktree to \`3333333\`, the commit on GitHub. Nothing is lost.

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
      | On GitHub | \`3333333\` |
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

      ### To get at the pinned commits yourself

      \`\`\`sh
      git fetch origin refs/belay/backup/rocket-1/1738324800000000000-k3m9/head
      git branch rescue-k3m9qx 2222222222222222222222222222222222222222
      \`\`\`

      ### Your choices

      **Continue with post-reset state.** The phase runs again from the branch as it is now. The agent is told what was set aside and where.

      \`\`\`text
      /continue k3m9qx
      \`\`\`

      **Abort pipeline.** The pipeline is cancelled. The worktree and every pin stay as they are.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      **Rescue my commits.** The pinned commits are put on a new branch and linked here. The question stays open.

      \`\`\`text
      /belay rescue k3m9qx
      \`\`\`

      Copy one line into a comment. The buttons of the check \`Belay\` do the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to \`feature\`. If the branch moves first, this question is withdrawn and asked anew for the new commit."
    `)
  })

  it('offers abort only when the reset failed too, and says that the worktree is still divergent', () => {
    const facts = details({
      case: 'divergence_rebase_and_reset_failed',
      isReset: false,
      note: 'fatal: unable to write new index file',
      pins: [pinNote({ push: 'refused', pushRefusal: 'protected', dirtyPaths: ['notes.txt'] })],
    })
    const asked = decision({ details: facts })
    expect(asked.options.map((option) => option.id)).toEqual(['abort'])
    expect(renderQuestion(asked, CONTEXT)).toMatchInlineSnapshot(`
      "@alice: only one answer is possible before phase \`implement\` can go on. This is question \`k3m9qx\`.

      ### The branch diverged and the reset failed

      After the agent finished phase \`implement\`, the worktree and \`feature\` on GitHub had grown apart, the commits of the worktree could not be replayed without conflicts, and the reset failed as well. **The worktree is still divergent**, and its files may be half changed: there is nothing to continue from. Everything that was in it before is pinned, so nothing is lost.

      \`\`\`text
      fatal: unable to write new index file
      \`\`\`

      \`\`\`mermaid
      %%{init: {'gitGraph': {'mainBranchName': 'GitHub', 'rotateCommitLabel': false}}}%%
      gitGraph
        commit id: "0000000"
        branch worktree
        commit id: "1111111" type: HIGHLIGHT
        commit id: "2222222" type: HIGHLIGHT tag: "pinned"
        checkout GitHub
        commit id: "3333333" tag: "on GitHub"
      \`\`\`

      |  |  |
      | --- | --- |
      | Branch | \`feature\` |
      | On GitHub | \`3333333\` |
      | Worktree before | \`2222222\` |
      | Worktree now | divergent, perhaps half reset |
      | Where it lies | \`$BELAY_HOME/sessions/rocket-1/tree\`, on the runner |
      | Conflicting files | \`src/parser.ts\` |
      | Pinned as | \`refs/belay/backup/rocket-1/1738324800000000000-k3m9/head\`, on the runner only. GitHub refused the ref by a protection rule. |
      | Uncommitted files | \`notes.txt\` in \`refs/belay/backup/rocket-1/1738324800000000000-k3m9/worktree\`, on the runner |

      **Only in the worktree** (2 commits, oldest first)

      | Commit | Subject | Author |
      | --- | --- | --- |
      | \`1111111\` | Parse the header | belay\\[bot\\] |
      | \`2222222\` | Reject an empty header | belay\\[bot\\] |

      ### To get at the pinned commits yourself

      \`2222222\` lies only on the machine that runs Belay. Fetch them there, in a clone of this repository, with \`BELAY_HOME\` as the full path of Belay’s home:

      \`\`\`sh
      git fetch "$BELAY_HOME/mirrors/rocket.git" refs/belay/backup/rocket-1/1738324800000000000-k3m9/head
      git branch rescue-k3m9qx 2222222222222222222222222222222222222222
      \`\`\`

      ### Your choices

      **Abort pipeline.** The pipeline is cancelled. The worktree and every pin stay as they are.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      Copy one line into a comment. The button of the check \`Belay\` does the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to \`feature\`. If the branch moves first, this question is withdrawn and asked anew for the new commit."
    `)
  })

  it('names why a push was refused and what helps', () => {
    const asked = blockedDecision({
      case: 'local_ahead_push_failed',
      pushRefusal: 'protected',
      note: 'protected: GH006: Protected branch update failed for refs/heads/feature.',
    })
    expect(renderQuestion(asked, CONTEXT)).toMatchInlineSnapshot(`
      "@alice: a decision is needed before phase \`implement\` can go on. This is question \`k3m9qx\`.

      ### The worktree could not be synced

      After the agent finished phase \`implement\`, the sync stopped. The push was refused; our commits are kept in the worktree. A branch protection rule does not let the App push to this branch. Nothing was discarded.

      **What helps.** Let the App bypass the rule, or give the pull request a branch without it. Then choose \`continue\`.

      \`\`\`text
      protected: GH006: Protected branch update failed for refs/heads/feature.
      \`\`\`

      |  |  |
      | --- | --- |
      | Branch | \`feature\` |
      | On GitHub | \`3333333\` |
      | Worktree before | \`2222222\` |
      | Worktree now | as it was, at \`2222222\` |
      | Where it lies | \`$BELAY_HOME/sessions/rocket-1/tree\`, on the runner |

      ### Your choices

      **Try the sync again.** The sync is tried again from the start; when it succeeds the phase goes on.

      \`\`\`text
      /continue k3m9qx
      \`\`\`

      **Reset to the remote branch.** Everything in the worktree is pinned again, then it is reset to the branch on GitHub, and the phase runs again from there. The agent is told what was set aside and where.

      \`\`\`text
      /belay answer reset k3m9qx
      \`\`\`

      **Abort pipeline.** The pipeline is cancelled. The worktree and every pin stay as they are.

      \`\`\`text
      /abort k3m9qx
      \`\`\`

      Copy one line into a comment. The buttons of the check \`Belay\` do the same. The first valid answer from somebody with the role \`write\` or higher counts; an edited comment does not.

      If nobody answers, nothing happens: Belay waits, starts nothing and pushes nothing to \`feature\`. If the branch moves first, this question is withdrawn and asked anew for the new commit."
    `)
  })

  it.each(BLOCKED)('gives a cure for %s', (name) => {
    const body = renderQuestion(blockedDecision({ case: name, moment: 'phase_start' }), CONTEXT)
    expect(body).toContain(SYNC_CASES[name].meaning)
    expect(body).toMatch(/\*\*What helps\.\*\* [A-Z].+\.$/mu)
  })

  it('never sends anybody from `abort` to `/belay run`, which goes on in the same worktree', () => {
    for (const name of BLOCKED) {
      const body = renderQuestion(blockedDecision({ case: name }), CONTEXT)
      expect(body).not.toMatch(/abort`[^.]*`\/belay run`/u)
      if (body.includes('`/belay run`'))
        expect(body).toMatch(/`\/belay stop`, which keeps everything, and then/u)
    }
  })

  it('covers more than twenty blocked cases', () => {
    expect(BLOCKED.length).toBeGreaterThan(20)
  })

  it('shows who answered what, when and through what', () => {
    const answered = decision({
      status: 'resolved',
      answer: 'continue',
      answeredBy: 'bob',
      answeredVia: 'button',
      answeredAt: NOON,
    })
    const [first, second] = renderQuestion(answered, CONTEXT).split('\n\n')
    expect(first).toBe(
      'Question `k3m9qx` is answered: `bob` chose `continue` with the button of the check at 2025-01-31 12:00 UTC.',
    )
    expect(second).toMatch(/^\*\*Continue with post-reset state\.\*\* The phase runs again/u)
  })

  it('mentions nobody and offers nothing once it is closed', () => {
    const closed = decision({ status: 'cancelled', cancelReason: 'session_stopped', answeredAt: NOON })
    const body = renderQuestion(closed, CONTEXT)
    expect(body).not.toContain('@alice')
    expect(body).not.toContain('/continue')
    expect(body.split('<details>')[0]).toMatchInlineSnapshot(`
      "Question \`k3m9qx\` was withdrawn at 2025-01-31 12:00 UTC; no answer is needed any more.

      The session was stopped. The worktree and every pin stay as they are.

      "
    `)
  })

  it('leads from a withdrawn question to its successor', () => {
    const withdrawn = decision({ status: 'cancelled', cancelReason: 'superseded', successorId: 'n4p7rs' })
    expect(renderQuestion(withdrawn, CONTEXT)).toContain('The question to answer now is `n4p7rs`.')
  })

  it('names the questions it takes the place of, and the branches rescued so far', () => {
    const body = renderQuestion(decision(), {
      ...CONTEXT,
      replaces: ['aaaaaa', 'bbbbbb'],
      rescues: [
        {
          branch: 'belay/rescue/rocket-1-1',
          compareUrl: 'https://github.com/acme/rocket/compare/feature...x',
        },
      ],
    })
    expect(body).toContain(
      'It takes the place of `aaaaaa`, `bbbbbb`: the branch, its base or the repository moved before anybody answered.',
    )
    expect(body).toContain(
      '- `belay/rescue/rocket-1-1`: [compare](https://github.com/acme/rocket/compare/feature...x)',
    )
  })

  it('mentions nobody when nobody is to be asked', () => {
    const body = renderQuestion(decision(), { ...CONTEXT, asks: null })
    expect(body.split('\n')[0]).toBe(
      'A decision is needed before phase `implement` can go on. This is question `k3m9qx`.',
    )
  })

  it('fetches from GitHub only the pins that were pushed, and the others from the mirror', () => {
    const pins = [
      pinNote({ push: 'disabled' }),
      pinNote({ prefix: 'refs/belay/backup/rocket-1/2-b' as RefName, head: sha('5') }),
    ]
    const body = renderQuestion(decision({ details: details({ pins }) }), CONTEXT)
    expect(body.match(/^git .*$/gmu)).toEqual([
      'git fetch origin refs/belay/backup/rocket-1/2-b/head',
      `git branch rescue-k3m9qx-2 ${sha('5')}`,
      'git fetch "$BELAY_HOME/mirrors/rocket.git" refs/belay/backup/rocket-1/1738324800000000000-k3m9/head',
      `git branch rescue-k3m9qx ${sha('2')}`,
    ])
    expect(body).toContain('`2222222` lies only on the machine that runs Belay. Choose `rescue` below to')
    expect(body).toContain('on the runner only, as `sync.push_backups` or a person wanted it')
  })

  it('offers `rescue` only while there is something to choose', () => {
    const facts = details({ pins: [pinNote({ push: 'disabled' })] })
    const answered = decision({ details: facts, status: 'resolved', answer: 'continue' })
    const body = renderQuestion(answered, CONTEXT)
    expect(body).toContain('lies only on the machine that runs Belay. Fetch them there')
    expect(body).not.toContain('Choose `rescue` below')
  })

  it('keeps its shape and stays harmless whatever foreign text it carries', () => {
    const benign = rendered('plain')
    fc.assert(
      fc.property(foreignText(), (foreign) => {
        // A cell can not hold a backslash before a pipe as code; markdown.test.ts covers that form.
        const text = foreign.replace(/\\+\|/gu, '/')
        const body = rendered(text)
        expect(dangersOf(body)).toEqual(['@alice'])
        expect(shapeOf(body)).toEqual(shapeOf(benign))
      }),
      { numRuns: 30 },
    )
  })

  it('fits into a comment when everything is as long as it can be', () => {
    const long = 'x`'.repeat(5000)
    const commits = Array.from({ length: 100 }, () => commit('1', long, long))
    const facts = details({
      branch: toBranchName('b'.repeat(200)),
      discarded: commits,
      remoteCommits: commits,
      conflictingPaths: Array.from({ length: 1000 }, () => long),
      pins: Array.from({ length: 30 }, () => pinNote({ dirtyPaths: Array.from({ length: 20 }, () => long) })),
      note: long,
    })
    const rescues = Array.from({ length: 30 }, () => ({
      branch: 'b'.repeat(200),
      compareUrl: `https://x/${'c'.repeat(500)}`,
    }))
    for (const status of ['pending', 'resolved'] as const) {
      const body = renderQuestion(decision({ details: facts, status }), { ...CONTEXT, rescues })
      expect(body.length).toBeLessThan(60_000)
    }
  })
})

/** A question in which every text that people or git can write is the given one. */
function rendered(text: string): string {
  const facts = details({
    discarded: [commit('1', text, text)],
    remoteCommits: [commit('3', text, text)],
    conflictingPaths: [text],
    pins: [pinNote({ dirtyPaths: [text] })],
    isReset: false,
    note: `note ${text}`,
  })
  return renderQuestion(decision({ details: facts, phase: text }), CONTEXT)
}
