// Every row of the state table about the remote branch, played with real git: what the sync does, keeps, and asks.

import { REMOTE_STATES } from '../../../src/domain/sync/remote-states.ts'
import { playTable } from '../../support/workbench/sync-states/play-table.ts'

playTable('syncWorktree, the states of the remote branch', REMOTE_STATES)
