// What can happen to a worktree, its branch on the remote and the program between them, as data. Small numbers choose
// among what is there at that moment, so that every case can be shrunk. Does nothing itself.

/** A change of one file; `at` chooses the path, `line` the line of a text. */
export interface FileChange {
  readonly kind: (typeof FILE_CHANGES)[number]
  readonly at: number
  readonly line: number
}

export const FILE_CHANGES = [
  'edit',
  'replace',
  'delete',
  'rename',
  'mode',
  'symlink',
  'binary',
  'big',
  'to_folder',
  'to_file',
] as const

/** How the agent, or a person in the worktree, makes a commit. */
export const OWN_COMMITS = ['plain', 'staged_only', 'empty', 'merge', 'merge_with_own_change'] as const

/** What lies uncommitted or half done in a worktree. */
export const WORKTREE_STATES = [
  'unstaged',
  'staged',
  'staged_and_edited',
  'untracked',
  'ignored',
  'intent_to_add',
  'conflicted_index',
  'assume_unchanged',
  'skip_worktree',
  'sparse_checkout',
  'converted_line_ends',
  'merge',
  'rebase',
  'cherry_pick',
  'revert',
  'am',
  'bisect',
  'detached',
  'detached_with_commit',
  'other_branch',
  'unborn',
  'nested_repository',
  'empty_nested_repository',
  'index_lock',
  'head_lock',
  'branch_lock',
  'worktree_moved',
  'worktree_deleted',
  'git_file_changed',
] as const

/** What a person does to the branch on the remote. */
export const REMOTE_MOVES = [
  'commit',
  'conflict',
  'same_change',
  'all_changes',
  'merge',
  'rewind',
  'amend',
  'rewrite',
  'unrelated',
  'delete',
] as const

/** How the host treats us from now on. */
export const HOST_MOODS = ['kind', 'refuses_pushes', 'refuses_pins', 'revokes_token'] as const

export type OwnCommit = (typeof OWN_COMMITS)[number]
export type WorktreeState = (typeof WORKTREE_STATES)[number]
export type RemoteMove = (typeof REMOTE_MOVES)[number]
export type HostMood = (typeof HOST_MOODS)[number]

export type Operation =
  | { readonly do: 'own_commit'; readonly as: OwnCommit; readonly changes: readonly FileChange[] }
  | { readonly do: 'disturb'; readonly state: WorktreeState; readonly changes: readonly FileChange[] }
  | {
      readonly do: 'remote'
      readonly move: RemoteMove
      readonly changes: readonly FileChange[]
      readonly depth: number
      /** Whether the host tells us; otherwise a later sync finds it. */
      readonly isTold: boolean
    }
  /** Somebody is faster than a step: a commit on the remote, in the worktree, or a file written there. */
  | {
      readonly do: 'race'
      readonly who: 'person' | 'agent' | 'writer'
      readonly atStep: number
      readonly times: number
      readonly changes: readonly FileChange[]
    }
  | { readonly do: 'host'; readonly mood: HostMood }
  | { readonly do: 'run' }
  | { readonly do: 'end_attempt' }
  | { readonly do: 'sync' }
  /** `option` chooses among those the open question offers. */
  | { readonly do: 'answer'; readonly option: number }
  | { readonly do: 'cure' }
  | { readonly do: 'collect_garbage' }
  /** The process dies before or after its n-th order to the runner from now on, and after the restart once more. */
  | {
      readonly do: 'kill'
      readonly moment: 'before' | 'after'
      readonly atStep: number
      readonly again: number | null
    }
  | { readonly do: 'restart' }

/** One history: how the repository is configured, how the agents end, and what happens. */
export interface RandomCase {
  readonly onConflict: 'reset' | 'pause'
  readonly pushBackups: 'head' | 'none'
  /** Exit codes of the agents, in turn. */
  readonly exits: readonly number[]
  /** Whether the first agent has ended before anything happens. */
  readonly beginsIdle: boolean
  readonly operations: readonly Operation[]
}

/** Returns what an operation is counted and told as. */
export function nameOf(operation: Operation): string {
  switch (operation.do) {
    case 'own_commit':
      return `own_commit ${operation.as}`
    case 'disturb':
      return `disturb ${operation.state}`
    case 'remote':
      return `remote ${operation.move}${operation.isTold ? '' : ' (untold)'}`
    case 'race':
      return `race ${operation.who}`
    case 'host':
      return `host ${operation.mood}`
    default:
      return operation.do
  }
}
