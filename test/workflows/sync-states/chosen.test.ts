// Every row of the state table about a person's answer, played with real git: what the sync does, keeps, and asks.

import { CHOSEN_STATES } from '../../../src/domain/sync/chosen-states.ts'
import { playTable } from '../../support/workbench/sync-states/play-table.ts'

playTable("syncWorktree, the states of a person's answer", CHOSEN_STATES)
