// Every row of the state table about index and files, played with real git: what the sync does, keeps, and asks.

import { WORKTREE_STATES } from '../../../src/domain/sync/worktree-states.ts'
import { playTable } from '../../support/workbench/sync-states/play-table.ts'

playTable('syncWorktree, the states of index and files', WORKTREE_STATES)
