// Pins for the command line: looked at in the database and the mirror of this machine, rescued by the running process, or
// here when nothing runs.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../adapters/db/database.ts'
import { migrate } from '../adapters/db/migrate.ts'
import { createLog } from '../adapters/log/create-log.ts'
import { describePin } from '../adapters/runner/pins/describe-pin.ts'
import { createGitDoor } from '../adapters/runner/git/git-door.ts'
import { sessionPaths } from '../adapters/runner/repositories/session-paths.ts'
import { systemClock } from '../adapters/system/surroundings.ts'
import type { OperatorConfig } from '../domain/config/operator-config.ts'
import { AppError, isAppError } from '../domain/errors/app-error.ts'
import type { Backup } from '../domain/records.ts'
import { redactSecrets } from '../domain/redact-secrets.ts'
import type { PinContents } from '../domain/sync/pin-contents.ts'
import { SHOWN_PATHS } from '../domain/text/cli-backups.ts'
import type { ApiAccess } from '../edge/call-api.ts'
import type { RescueOrder } from '../edge/cli-actions.ts'
import { postRescue, type PostedRescue } from '../edge/post-rescue.ts'
import type { JobContext } from '../ports/lanes.ts'
import type { RescueReply } from '../ports/rescues.ts'
import { handleJob } from '../workflows/handle-job.ts'
import { rescueWithdrawn } from '../workflows/rescue-backup.ts'
import { submitRescue } from '../workflows/submit-rescue.ts'
import { makeParts, type Parts } from './make-parts.ts'

/** Returns what lies in a pin; null when no mirror below `home`, a full path, has it. */
export async function readPin(home: string, backup: Backup): Promise<PinContents | null> {
  // Git's configuration is written anew here: the one below BELAY_HOME may be being read by a running process.
  const folder = await mkdtemp(join(tmpdir(), 'belay-look-'))
  try {
    const door = createGitDoor({ folder, host: process.env, remotes: 'http' })
    const { mirror } = sessionPaths(home, backup)
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

/** Older than every other job, so that looking for work of that time finds rescues like this one and nothing else. */
const BEFORE_ALL_OTHERS = 0
const LEASE_MS = 60_000

/** A rescue that failed here, or whose process was killed, is never done later: nobody would expect its push. */
async function rescueAlone(parts: Parts, order: RescueOrder): Promise<RescueReply> {
  const { deps, lanes } = parts
  const { runnerId, bootId } = deps.settings
  try {
    await lanes.releaseEarlierIncarnations({ runnerId, bootId })
    const submitted = { ...order, actor: 'operator', via: 'cli' } as const
    const reply = await submitRescue(deps, submitted, {
      dueAt: BEFORE_ALL_OTHERS,
      onlyBoot: bootId,
      waitUntil: async (condition) => {
        while (!(await condition()) && (await runOne(parts)));
        return condition()
      },
    })
    if (reply.kind !== 'queued') return reply
    const reason = 'another process holds its pull request, or held it a minute ago'
    throw new AppError('RESCUE_WITHDRAWN', { backup: order.backupId, reason })
  } catch (error) {
    if (isAppError(error, 'RESCUE_WITHDRAWN')) throw error
    const details = { backup: order.backupId, reason: reasonOf(error) }
    throw new AppError('RESCUE_WITHDRAWN', details, { cause: error })
  } finally {
    await deps.runner.close()
  }
}

/** Ends the first rescue that was stored like this one, done or withdrawn; false when its lane can not be had. */
async function runOne({ deps, lanes }: Parts): Promise<boolean> {
  const { runnerId, bootId } = deps.settings
  const lane = await lanes.claim({
    owner: { runnerId, bootId },
    now: deps.clock.now(),
    leaseMs: LEASE_MS,
  })
  if (lane === null) return false
  try {
    const queued = await lanes.nextJob(lane, BEFORE_ALL_OTHERS)
    if (queued === null) return false
    const { job } = queued
    const finish: JobContext['finish'] = (changes) => lanes.finishJob(lane, queued, changes)
    try {
      await handleJob(deps, { job: queued, lane, finish })
      return true
    } catch (error) {
      if (job.kind !== 'rescue_backup') throw error
      const ended = await finish([rescueWithdrawn(deps, job, reasonOf(error))])
      return ended.kind === 'committed'
    }
  } finally {
    await lanes.release(lane)
  }
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return redactSecrets(text).replace(/\.$/, '')
}
