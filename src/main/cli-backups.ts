// Pins for the command line: looked at in the database and the mirror of this machine, rescued by the running process, or
// here when nothing runs.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openDatabase } from '../adapters/db/database.ts'
import { migrate } from '../adapters/db/migrate.ts'
import { createLog } from '../adapters/log/create-log.ts'
import { describePin } from '../adapters/runner/pins/describe-pin.ts'
import { createGitDoor } from '../adapters/runner/git/git-door.ts'
import { sessionPaths } from '../adapters/runner/repositories/session-paths.ts'
import { systemClock } from '../adapters/system/surroundings.ts'
import type { OperatorConfig } from '../domain/config/operator-config.ts'
import { isAppError } from '../domain/errors/app-error.ts'
import type { Backup } from '../domain/records.ts'
import type { PinContents } from '../domain/sync/pin-contents.ts'
import { SHOWN_PATHS } from '../domain/text/cli-backups.ts'
import type { ApiAccess } from '../edge/call-api.ts'
import type { RescueOrder } from '../edge/cli-actions.ts'
import { postRescue, type PostedRescue } from '../edge/post-rescue.ts'
import type { RescueReply } from '../ports/rescues.ts'
import { handleJob } from '../workflows/handle-job.ts'
import { submitRescue } from '../workflows/submit-rescue.ts'
import { makeParts, type Parts } from './make-parts.ts'

/** Returns what lies in a pin; null when this machine's mirror does not have it. */
export async function readPin(config: OperatorConfig, backup: Backup): Promise<PinContents | null> {
  // Git's configuration is written anew here: the one below BELAY_HOME may be being read by a running process.
  const folder = await mkdtemp(join(tmpdir(), 'belay-look-'))
  try {
    const door = createGitDoor({ folder, host: process.env, remotes: 'http' })
    const { mirror } = sessionPaths(resolve(config.home), backup)
    return await describePin({ door, mirror }, { prefix: backup.prefix, limit: SHOWN_PATHS })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

interface RescueHere {
  readonly order: RescueOrder
  readonly accessOf: () => ApiAccess
}

/** Rescues through whoever may write to the database: this process when nobody else does, else the one that runs. */
export async function rescuePin(
  config: OperatorConfig,
  { order, accessOf }: RescueHere,
): Promise<PostedRescue> {
  const { url, authToken } = config.database
  const token = authToken === null ? {} : { authToken }
  try {
    const database = await openDatabase({ url, ...token, now: systemClock.now })
    try {
      await migrate(database)
      const log = createLog({ level: 'error', isPretty: process.stderr.isTTY })
      return toPosted(await rescueAlone(await makeParts(config, { database, log, seams: {} }), order))
    } finally {
      await database.close()
    }
  } catch (error) {
    if (!isAppError(error, 'DATABASE_IN_USE')) throw error
    return postRescue(accessOf(), order)
  }
}

function toPosted(reply: RescueReply): PostedRescue {
  return reply.kind === 'refused' ? { ...reply, kind: 'push_refused' } : reply
}

/** Older than every other job, so that a claim for that time finds this one job and nothing else of the lane begins. */
const BEFORE_ALL_OTHERS = 0
const LEASE_MS = 60_000

async function rescueAlone(parts: Parts, order: RescueOrder): Promise<RescueReply> {
  const { deps } = parts
  try {
    const submitted = { ...order, actor: 'operator', via: 'cli' } as const
    return await submitRescue(deps, submitted, {
      dueAt: BEFORE_ALL_OTHERS,
      waitUntil: async (condition) => {
        await runOne(parts)
        return condition()
      },
    })
  } finally {
    await deps.runner.close()
  }
}

async function runOne({ deps, lanes }: Parts): Promise<void> {
  const { runnerId, bootId } = deps.settings
  const owner = { runnerId, bootId }
  await lanes.releaseEarlierIncarnations(owner)
  const lane = await lanes.claim({ owner, now: BEFORE_ALL_OTHERS, leaseMs: LEASE_MS })
  if (lane === null) return
  try {
    const job = await lanes.nextJob(lane, BEFORE_ALL_OTHERS)
    if (job === null) return
    await handleJob(deps, { job, lane, finish: (changes) => lanes.finishJob(lane, job, changes) }).catch(
      async (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error)
        await lanes.failJob(lane, job, { reason, isTransient: true })
        throw error
      },
    )
  } finally {
    await lanes.release(lane)
  }
}
