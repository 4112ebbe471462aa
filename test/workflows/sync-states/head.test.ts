// Every row of the state table about HEAD, played with real git: what the sync does, keeps, and asks.

import { HEAD_STATES } from '../../../src/domain/sync/head-states.ts'
import { playTable } from '../../support/workbench/sync-states/play-table.ts'

playTable('syncWorktree, the states of HEAD', HEAD_STATES)
