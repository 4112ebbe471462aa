// What every runner must do, whatever carries the orders. Real git, real files, real processes.

import { afterEach, describe } from 'vitest'
import { RunnerWorld, type MakeRunner, type WorldOptions } from '../../support/runner-world.ts'
import { describeAnyState } from './any-state-contract.ts'
import { describeAttempts } from './attempts-contract.ts'
import { describeCheckout } from './checkout-contract.ts'
import { describeCounts } from './counts-contract.ts'
import { describeDisplaced } from './displaced-contract.ts'
import { describeDoor } from './door-contract.ts'
import { describeForgetting } from './gc-contract.ts'
import { describeHostileInput } from './hostile-input-contract.ts'
import { describeFacts } from './facts-contract.ts'
import { describeHostility } from './hostility-contract.ts'
import { describeHiddenWork } from './hidden-work-contract.ts'
import { describeInspection } from './inspection-contract.ts'
import { describeLoneAttempts } from './lone-attempts-contract.ts'
import { describeMoves } from './moves-contract.ts'
import { describePlantedPrograms } from './planted-programs-contract.ts'
import { describePlantedState } from './planted-state-contract.ts'
import { describePreparation } from './preparation-contract.ts'
import { describePushResults } from './push-results-contract.ts'
import { describePush } from './push-contract.ts'
import { describeRanges } from './range-contract.ts'
import { describeRecovery } from './recovery-contract.ts'
import { describeRelease } from './release-contract.ts'
import { describeRelation } from './relation-contract.ts'
import { describeRepairs } from './repairs-contract.ts'
import { describeReports } from './reports-contract.ts'
import { describeReviews } from './reviews-contract.ts'
import { describeSilence } from './silence-contract.ts'
import { describeStepCounts } from './step-counts-contract.ts'
import { describeTwins } from './twins-contract.ts'
import { describeVerdicts } from './verdicts-contract.ts'

/** Starts a world that ends with the test. */
export type StartWorld = (options?: WorldOptions) => Promise<RunnerWorld>

type Contract = (start: StartWorld) => void

/** The contracts, in groups that can run beside each other. */
const CONTRACTS = {
  looking: [
    describePreparation,
    describeInspection,
    describeFacts,
    describeRelation,
    describeTwins,
    describeCounts,
  ],
  moving: [describeMoves, describeStepCounts, describeCheckout, describeAnyState, describeRepairs],
  recovering: [describeRecovery, describeDisplaced, describeRelease],
  pushing: [describePush, describePushResults, describeHiddenWork],
  agents: [describeAttempts, describeLoneAttempts, describeReports, describeDoor],
  reviewing: [describeReviews, describeVerdicts, describeSilence, describeRanges],
  hostility: [describeHostility, describeForgetting, describeHostileInput],
  planting: [describePlantedPrograms, describePlantedState],
} as const satisfies Record<string, readonly Contract[]>

export type ContractGroup = keyof typeof CONTRACTS

/** Every group; each way of making a runner has a test file for each of them. */
export const CONTRACT_GROUPS = Object.keys(CONTRACTS) as readonly ContractGroup[]

/** Runs one group against one way of making a runner. */
export function describeRunner(name: string, makeRunner: MakeRunner, group: ContractGroup): void {
  describe(`the ${name} runner`, () => {
    const worlds: RunnerWorld[] = []
    afterEach(async () => {
      for (const world of worlds.splice(0)) await world.close()
    })
    const start: StartWorld = async (options) => {
      const world = await RunnerWorld.create(makeRunner, options)
      worlds.push(world)
      return world
    }
    for (const contract of CONTRACTS[group]) contract(start)
  })
}
