// Doors of attempts in a folder of their own, with everything real but whoever stores the reports.

import { createConnection, type Socket } from 'node:net'
import { openDoor, type Door } from '../../../../src/adapters/runner/door/open-door.ts'
import type { DoorLimits } from '../../../../src/adapters/runner/door/door-server.ts'
import type { RunnerReport } from '../../../../src/domain/events.ts'
import { toBranchName } from '../../../../src/domain/ids.ts'
import type { AttemptRole } from '../../../../src/domain/pipeline/records.ts'
import { makeTempFolder, removeTempFolder } from '../../../support/temp-repo.ts'

const LIMITS: DoorLimits = {
  connections: 4,
  inAll: 5000,
  lineBytes: 256 * 1024,
  lineMs: 60_000,
  answerMs: 2000,
}
const THREADS = [
  { handle: 't1', id: 'PRRT_one', path: 'src/a.ts', line: 3 },
  { handle: 't2', id: 'PRRT_two', path: 'src/b.ts', line: null },
]
const TASKS = [
  { id: 'tie-knot', title: 'Tie the knot' },
  { id: 'pull', title: 'Pull at the knot' },
]

export interface OpenedDoor {
  readonly door: Door
  readonly reports: RunnerReport[]
  /** What was logged. */
  readonly failures: unknown[]
}

export interface OpenOptions {
  /** BELAY_HOME, when it is not the world's own folder. */
  readonly at?: string
  readonly sessionId?: string
  /** The producer, unless it is said otherwise. */
  readonly role?: AttemptRole
  readonly limits?: Partial<DoorLimits>
  /** Called with each report before it counts as stored. */
  readonly store?: (report: RunnerReport) => Promise<void>
}

/** Opens doors with two threads and two tasks, and closes them. */
export class DoorWorld {
  readonly home: string
  readonly #doors: Door[] = []
  readonly #sockets: Socket[] = []

  private constructor(home: string) {
    this.home = home
  }

  static async create(): Promise<DoorWorld> {
    return new DoorWorld(await makeTempFolder())
  }

  async open(options: OpenOptions = {}): Promise<OpenedDoor> {
    const reports: RunnerReport[] = []
    const failures: unknown[] = []
    const report = async (one: RunnerReport): Promise<void> => {
      await options.store?.(one)
      reports.push(one)
    }
    const note = (fields: object): void => void failures.push(fields)
    const workspace = {
      projectId: 'rope',
      sessionId: options.sessionId ?? 'rope-1',
      branch: toBranchName('work'),
      baseRef: 'main',
      repository: { installationId: 1, repositoryId: 1, owner: 'acme', name: 'rope' },
    }
    const door = await openDoor(
      { home: options.at ?? this.home, report, log: { info: note, warn: note, error: note } },
      {
        workspace,
        attemptId: 'at_1',
        runEpoch: 2,
        role: options.role ?? 'producer',
        threads: THREADS,
        tasks: TASKS,
      },
      { ...LIMITS, ...options.limits },
    )
    this.#doors.push(door)
    return { door, reports, failures }
  }

  /** Connects and says nothing; cut off by `closeAll`. */
  connect(door: Door, options: { readonly isDeaf?: boolean } = {}): Socket {
    const socket = createConnection({ path: door.socket, allowHalfOpen: options.isDeaf === true })
    socket.on('error', () => undefined)
    this.#sockets.push(socket)
    return socket
  }

  /** Ends what a test opened. */
  async closeAll(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.destroy()
    for (const door of this.#doors.splice(0)) await door.close()
  }

  async remove(): Promise<void> {
    await removeTempFolder(this.home)
  }
}

/** Holds something back until it is opened. */
export function openGate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let letGo = (): void => undefined
  const opened = new Promise<void>((resolve) => (letGo = resolve))
  return { opened, open: () => letGo() }
}

/** Returns why an answer is a refusal. */
export function reasonIn(line: string): unknown {
  return (JSON.parse(line) as { readonly reason?: unknown }).reason
}
