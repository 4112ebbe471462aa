// The runner inside the control process: a direct call. Other transports carry the same orders to the same parts.

import { mkdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import type { Isolation } from '../../domain/config/operator-config.ts'
import { AppError } from '../../domain/errors/app-error.ts'
import { toPublicReason } from '../../domain/errors/public-reason.ts'
import type { RunnerReport } from '../../domain/events.ts'
import type { RefName } from '../../domain/ids.ts'
import { mayContinueAfter } from '../../domain/sync/step.ts'
import type { TokenSource } from '../../ports/github.ts'
import type { ExecuteOrder, PrepareOrder, Runner, StepResult } from '../../ports/runner.ts'
import type { Clock, Log } from '../../ports/surroundings.ts'
import { loadAgentCatalogue } from './attempts/agent-catalogue.ts'
import { createAttempts, type Attempts } from './attempts/attempts.ts'
import { raiseFence } from './fence.ts'
import { createFetcher, type Fetcher } from './repositories/fetch-coalescer.ts'
import { createGitDoor, type GitDoor } from './git/git-door.ts'
import { inspectWorkspace } from './inspection/inspect.ts'
import { observeRemote } from './inspection/inspect-remote.ts'
import { describeRange } from './inspection/describe-range.ts'
import { isMirrorReady, readRefsBelow } from './repositories/mirror.ts'
import { createOneAtATime, type OneAtATime } from './one-at-a-time.ts'
import { createPins, type Pins } from './pins/pins.ts'
import { prepareWorkspace } from './repositories/prepare.ts'
import { readWorktreeFile } from './read-worktree-file.ts'
import { createRemotes, type Remotes } from './repositories/remote.ts'
import { releaseWorkspace } from './repositories/release.ts'
import { reportUntilStored } from './report-until-stored.ts'
import { runStep } from './steps/run-step.ts'
import { sessionPaths, type SessionPaths } from './repositories/session-paths.ts'

export interface EmbeddedRunnerOptions {
  /** BELAY_HOME: mirrors, sessions, attempts. */
  readonly home: string
  /** The host of all repositories, for example `https://github.com`. */
  readonly gitBaseUrl: string
  readonly tokens: TokenSource
  readonly agentsFile: string | null
  readonly isolation: Isolation
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  /** Takes the place of the real pins; tests only. */
  readonly pins?: (real: Pins) => Pins
  /** Allows a `gitBaseUrl` on this disk; tests only. */
  readonly remotes?: 'http' | 'http_and_file'
  readonly host?: Readonly<Record<string, string | undefined>>
  readonly operatorHome?: string
  /** Between TERM and KILL. */
  readonly graceMs?: number
  readonly heartbeatMs?: number
  /** Hears of every git process, by its command's name. */
  readonly onGitProcess?: (command: string) => void
}

const GRACE_MS = 10_000
const HEARTBEAT_MS = 5000

interface Parts {
  readonly home: string
  readonly door: GitDoor
  readonly remotes: Remotes
  readonly fetcher: Fetcher
  readonly pins: Pins
  readonly attempts: Attempts
  readonly oneAtATime: OneAtATime
  readonly clock: Pick<Clock, 'now'>
  readonly log: Log
  readonly report: (report: RunnerReport) => Promise<void>
  /** Preparations under way, so that closing can wait for them. */
  readonly background: Set<Promise<void>>
}

/** Makes a runner. Throws `AGENTS_FILE_INVALID`, and `GIT_TOO_OLD` when this machine's git can not be used. */
export async function createEmbeddedRunner(options: EmbeddedRunnerOptions): Promise<Runner> {
  const listeners: ((report: RunnerReport) => Promise<void>)[] = []
  const parts = await makeParts(options, async (report) => {
    for (const listener of listeners) await listener(report)
  })
  let isClosed = false
  const open = (): void => {
    if (isClosed) throw new AppError('INTERNAL_ERROR', {}, { cause: new Error('The runner is closed') })
  }
  return {
    checkAgent: (agent) => parts.attempts.check(agent),
    async prepare(order) {
      open()
      await prepareInBackground(parts, order)
    },
    observeRemote: (order) => observeRemote(parts, sessionPaths(parts.home, order.workspace), order),
    inspect(order) {
      const paths = sessionPaths(parts.home, order.workspace)
      const world = { door: parts.door, fetcher: parts.fetcher, now: () => parts.clock.now() }
      return parts.oneAtATime.run(paths.folder, () => inspectWorkspace(world, paths, order))
    },
    execute: (order) => executePlan(parts, order, open),
    async startAttempt(order) {
      open()
      const paths = sessionPaths(parts.home, order.workspace)
      await takeFence(parts, paths, order.fence)
      return { pid: await parts.attempts.start(order) }
    },
    stopAttempt: (name) => parts.attempts.stop(name),
    reapAttempt: (name) => parts.attempts.reap(name),
    async release({ workspace, fence }) {
      open()
      const paths = sessionPaths(parts.home, workspace)
      return parts.oneAtATime.run(paths.folder, async () => {
        await takeFence(parts, paths, fence)
        // What was made for a review is still being removed when its last process has ended.
        return releaseWorkspace(parts.door, paths, { isHeld: parts.attempts.isAtWork(paths.sessionId) })
      })
    },
    describeRange: ({ workspace, from, to }) =>
      describeRange(parts.door, sessionPaths(parts.home, workspace), { from, to }),
    readFile: ({ workspace, path, maxBytes }) =>
      readWorktreeFile(sessionPaths(parts.home, workspace).tree, { path, maxBytes }),
    async listPins(workspace) {
      const { mirror } = sessionPaths(parts.home, workspace)
      if (!(await isMirrorReady(mirror))) return []
      const refs = await readRefsBelow(parts.door, mirror, 'refs/belay/backup/')
      return [...refs].map(([ref, sha]) => ({ ref: ref as RefName, sha }))
    },
    onReport(listener) {
      listeners.push(listener)
    },
    async close() {
      isClosed = true
      await parts.attempts.close()
      await Promise.all(parts.background)
    },
  }
}

async function makeParts(options: EmbeddedRunnerOptions, report: Parts['report']): Promise<Parts> {
  const home = resolve(options.home)
  const host = options.host ?? process.env
  await mkdir(home, { recursive: true, mode: 0o700 })
  const door = createGitDoor({
    folder: resolve(home, 'git'),
    host,
    remotes: options.remotes ?? 'http',
    ...(options.onGitProcess === undefined ? {} : { onProcess: options.onGitProcess }),
  })
  await door.checkVersion()
  const remotes = createRemotes(options)
  const operatorHome = options.operatorHome ?? homedir()
  const catalogue = await loadAgentCatalogue({ agentsFile: options.agentsFile, host, operatorHome })
  const realPins = createPins({ door, remotes })
  const attempts = createAttempts({
    home,
    git: door,
    now: () => options.clock.now(),
    catalogue,
    isolation: options.isolation,
    host,
    operatorHome,
    log: options.log,
    report,
    graceMs: options.graceMs ?? GRACE_MS,
    heartbeatMs: options.heartbeatMs ?? HEARTBEAT_MS,
  })
  return {
    home,
    door,
    remotes,
    fetcher: createFetcher({ door, remotes }),
    pins: options.pins?.(realPins) ?? realPins,
    attempts,
    oneAtATime: createOneAtATime(),
    clock: options.clock,
    log: options.log,
    report,
    background: new Set(),
  }
}

/** Two orders at once must not lower what the other has raised. */
function takeFence({ oneAtATime }: Parts, paths: SessionPaths, fence: number): Promise<void> {
  return oneAtATime.run(paths.fenceFile, () => raiseFence(paths, fence))
}

/** Returns when the fence is taken; the work itself may last as long as a first clone. */
async function prepareInBackground(parts: Parts, order: PrepareOrder): Promise<void> {
  const paths = sessionPaths(parts.home, order.workspace)
  await takeFence(parts, paths, order.fence)
  const work = parts.oneAtATime
    .run(paths.folder, () => prepareWorkspace(parts, paths, order))
    .then(
      (): RunnerReport => ({
        kind: 'workspace_prepared',
        sessionId: paths.sessionId,
        pipelineId: order.pipelineId,
      }),
      (error: unknown): RunnerReport => toFailure(parts, order, error),
    )
    .then((report) => reportUntilStored(parts, report))
  parts.background.add(work)
  void work.finally(() => parts.background.delete(work))
}

function toFailure({ log }: Parts, { workspace, pipelineId }: PrepareOrder, error: unknown): RunnerReport {
  log.error({ error, session: workspace.sessionId }, 'A workspace could not be prepared')
  return { kind: 'workspace_failed', sessionId: workspace.sessionId, pipelineId, ...toPublicReason(error) }
}

async function* executePlan(parts: Parts, order: ExecuteOrder, open: () => void): AsyncGenerator<StepResult> {
  const paths = sessionPaths(parts.home, order.workspace)
  for (const [position, step] of order.plan.entries()) {
    open()
    const outcome = await parts.oneAtATime.run(paths.folder, async () => {
      // Before each step: whoever took over meanwhile has a newer fence.
      await takeFence(parts, paths, order.fence)
      const { door, remotes, pins, clock } = parts
      const { workspace, identity, plan } = order
      return runStep({ door, remotes, pins, now: () => clock.now(), paths, workspace, identity, plan }, step)
    })
    yield { position, step, outcome }
    if (!mayContinueAfter(step, outcome)) return
  }
}
