// The picture of two sides that grew apart, as the Mermaid `gitGraph` that GitHub draws. Commits are short ids only:
// subjects overlap when drawn, stand in the table below anyway, and foreign text could begin a statement.

import { shortSha } from '../ids.ts'
import type { Sha } from '../ids.ts'
import type { CommitSummary } from '../sync/facts.ts'

/** How many commits of a side are drawn; more make the labels unreadable. */
const DRAWN_A_SIDE = 6

/** What is drawn: both sides oldest first, as they left their common commit. */
export interface Divergence {
  readonly mergeBase: Sha | null
  readonly own: readonly CommitSummary[]
  readonly remote: readonly CommitSummary[]
  /** Whether our side was discarded from the worktree. */
  readonly isReset: boolean
  /** Whether our side lies under a pin. */
  readonly isPinned: boolean
  /** Whether the branch on GitHub stands elsewhere by now. */
  readonly hasMovedOn: boolean
}

/** Returns the body of a `mermaid` fence, or null when there is no common commit to draw from. */
export function divergencePicture(facts: Divergence): string | null {
  if (facts.mergeBase === null || (facts.own.length === 0 && facts.remote.length === 0)) return null
  const own = side(facts.own, { type: facts.isReset ? 'REVERSE' : 'HIGHLIGHT', tip: ownTip(facts) })
  const remote = side(facts.remote, {
    type: 'NORMAL',
    tip: remoteTip(facts),
  })
  return [
    `%%{init: {'gitGraph': {'mainBranchName': 'GitHub', 'rotateCommitLabel': false}}}%%`,
    'gitGraph',
    `  commit id: "${shortSha(facts.mergeBase)}"`,
    ...(own.length > 0 ? ['  branch worktree', ...own, '  checkout GitHub'] : []),
    ...remote,
  ].join('\n')
}

function ownTip(facts: Divergence): string {
  if (facts.isPinned) return 'pinned'
  return facts.isReset ? 'discarded' : 'worktree is here'
}

function remoteTip(facts: Divergence): string {
  if (facts.isReset) return 'worktree is here now'
  return facts.hasMovedOn ? 'on GitHub then' : 'on GitHub'
}

function side(
  commits: readonly CommitSummary[],
  look: { readonly type: string; readonly tip: string },
): readonly string[] {
  const drawn = commits.length > DRAWN_A_SIDE ? commits.slice(-(DRAWN_A_SIDE - 1)) : commits
  const hidden = commits.length - drawn.length
  const more = hidden > 0 ? [`  commit id: "${hidden} ${look.type === 'NORMAL' ? 'older' : 'before'}"`] : []
  const type = look.type === 'NORMAL' ? '' : ` type: ${look.type}`
  const statements = drawn.map((commit, index) => {
    const tag = index === drawn.length - 1 ? ` tag: "${look.tip}"` : ''
    return `  commit id: "${shortSha(commit.sha)}"${type}${tag}`
  })
  return [...more, ...statements]
}
