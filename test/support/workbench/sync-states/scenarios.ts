// The story of every row of the state table: a row without one does not compile. Knows no assertion.

import type { SyncStateId } from '../../../../src/domain/sync/state.ts'
import { CHOSEN_SCENARIOS } from './chosen-scenarios.ts'
import { CONFLICT_SCENARIOS } from './conflict-scenarios.ts'
import { DIRTY_SCENARIOS } from './dirty-scenarios.ts'
import * as files from './file-scenarios.ts'
import { HEAD_SCENARIOS } from './head-scenarios.ts'
import { MISSING_SCENARIOS } from './missing-scenarios.ts'
import { REGISTRATION_SCENARIOS } from './registration-scenarios.ts'
import { REMOTE_SCENARIOS } from './remote-scenarios.ts'
import type { Row } from './scenario.ts'

/** Every row with its story, or with the test that proves it. */
export const SCENARIOS: Readonly<Record<SyncStateId, Row>> = {
  ...DIRTY_SCENARIOS,
  ...files,
  ...HEAD_SCENARIOS,
  ...REGISTRATION_SCENARIOS,
  ...REMOTE_SCENARIOS,
  ...CONFLICT_SCENARIOS,
  ...CHOSEN_SCENARIOS,
  ...MISSING_SCENARIOS,
  // Root reads everything, so this one needs a process that is nobody.
  unreadable_before_reset: { provenIn: 'test/workflows/sync-states/unreadable.test.ts' },
}
