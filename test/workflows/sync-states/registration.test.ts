// Every row of the state table about folder and git files, played with real git: what the sync does, keeps, and asks.

import { REGISTRATION_STATES } from '../../../src/domain/sync/registration-states.ts'
import { playTable } from '../../support/workbench/sync-states/play-table.ts'

playTable('syncWorktree, the states of folder and git files', REGISTRATION_STATES)
