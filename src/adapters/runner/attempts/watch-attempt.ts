// Watches one running attempt: heartbeats, its silence, and its end with all that belongs to it. Starts nothing.

import type { AgentExit } from '../../../domain/session/attempt.ts'
import type { RunnerReport } from '../../../domain/events.ts'
import type { AttemptOrder } from '../../../ports/runner.ts'
import { watchActivity, type Activity } from './activity.ts'
import { attemptMark } from './attempt-launch.ts'
import type { Begun } from './begin-attempt.ts'
import { readVerdict } from './verdict-file.ts'
import { reportUntilStored, type Reporting } from '../report-until-stored.ts'
import { leavePlace } from './workplace.ts'

export interface WatchWorld extends Reporting {
  /** BELAY_HOME. */
  readonly home: string
  readonly heartbeatMs: number
  readonly now: () => number
}

export interface Watched {
  /** Settles when the attempt holds nothing any more: nothing of it runs, and a worktree of its own is gone. */
  readonly left: Promise<void>
  /** Settles when the end was reported. */
  readonly over: Promise<void>
}

type Running = Extract<Begun, { readonly kind: 'running' }>

/** Watches until the end; both promises never fail. */
export function watchAttempt(world: WatchWorld, order: AttemptOrder, running: Running): Watched {
  const activity = watchRunning(world, order, running)
  const heart = sendHeartbeats(world, order, activity)
  const end = seeEnd(world, order, running)
    .finally(() => activity.stop())
    .then((exit) => clearUp(world, order, { running, exit }))
  const tell = async (): Promise<void> => {
    const { exit, verdict } = await end
    await heart.stop()
    // First the door, so that the end is the last that is heard of an attempt.
    await running.door.close()
    await reportUntilStored(world, { kind: 'attempt_ended', ...subjectOf(order), exit, verdict })
  }
  return { left: end.then(() => undefined), over: tell() }
}

/** What every report of an attempt says of it. */
export function subjectOf(order: AttemptOrder): {
  readonly sessionId: string
  readonly attemptId: string
  readonly runEpoch: number
} {
  return { sessionId: order.workspace.sessionId, attemptId: order.attemptId, runEpoch: order.runEpoch }
}

async function seeEnd(world: WatchWorld, order: AttemptOrder, running: Running): Promise<AgentExit> {
  try {
    return await running.process.ended
  } catch (error) {
    world.log.error({ error, attempt: order.attemptId }, 'The end of an agent could not be seen to')
    return { kind: 'lost' }
  }
}

interface End {
  readonly exit: AgentExit
  readonly verdict: string | null
}

async function clearUp(
  world: WatchWorld,
  order: AttemptOrder,
  { running, exit }: { readonly running: Running; readonly exit: AgentExit },
): Promise<End> {
  const verdict = await readVerdict(running.verdictFile, exit)
  if (order.place.kind === 'detached') await leavePlace(world, subjectOf(order))
  return { exit, verdict }
}

/** A look goes through all processes of the machine: more often tells nobody more. */
const LEAST_LOOK_MS = 200

/** So many looks find a silence before it is called one. */
const LOOKS_IN_SILENCE = 4

function watchRunning(world: WatchWorld, order: AttemptOrder, running: Running): Activity {
  const { process, place, folder, isStreaming } = running
  const silenceMs = isStreaming ? order.silenceMs : null
  const { worktreeGitDir, indexFile } = place
  return watchActivity({
    group: process.pid,
    mark: attemptMark(folder),
    printedBytes: () => process.printedBytes(),
    tree: place.tree,
    also: [indexFile, `${worktreeGitDir}/HEAD`, `${worktreeGitDir}/logs/HEAD`],
    now: world.now,
    everyMs: Math.min(Math.max(LEAST_LOOK_MS, world.heartbeatMs), (silenceMs ?? Infinity) / LOOKS_IN_SILENCE),
    silenceMs,
    onSilence: () => process.stop({ kind: 'silent', afterMs: order.silenceMs }),
    onError: (error) =>
      world.log.warn({ error, attempt: order.attemptId }, 'An agent could not be looked at'),
  })
}

/** One at a time: a listener that is slow to store must not gather a queue of old heartbeats. */
function sendHeartbeats(
  world: WatchWorld,
  order: AttemptOrder,
  activity: Activity,
): { readonly stop: () => Promise<void> } {
  let sending = Promise.resolve()
  let isSending = false
  const beat = setInterval(() => {
    if (isSending) return
    isSending = true
    const report = { kind: 'attempt_heartbeat', ...subjectOf(order), activeAt: activity.activeAt() } as const
    sending = sendHeartbeat(world, report).finally(() => {
      isSending = false
    })
  }, world.heartbeatMs)
  return {
    stop() {
      clearInterval(beat)
      return sending
    },
  }
}

async function sendHeartbeat(
  { report, log }: Reporting,
  beat: Extract<RunnerReport, { readonly kind: 'attempt_heartbeat' }>,
): Promise<void> {
  try {
    await report(beat)
  } catch (error) {
    log.warn({ error, attempt: beat.attemptId }, 'A heartbeat was not stored')
  }
}
