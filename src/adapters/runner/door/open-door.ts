// Opens the door of one attempt and closes it for good. Starts no process.

import { randomBytes } from 'node:crypto'
import { LONGEST_DOOR_LINE } from '../../../domain/session/door-line.ts'
import type { AttemptOrder } from '../../../ports/runner.ts'
import { isStored, type Reporting } from '../report-until-stored.ts'
import { createDoorDesk } from './door-desk.ts'
import { makeDoorPlace, removeDoorPlace, type DoorPlace } from './door-place.ts'
import { startDoorServer, type DoorLimits } from './door-server.ts'

export interface Door extends Pick<DoorPlace, 'socket' | 'tokenFile' | 'bin'> {
  /** Ends the door: nothing new is taken, what was taken is stored and answered, and its folder is gone. Never throws. */
  close(): Promise<void>
}

export interface DoorWorld extends Reporting {
  /** BELAY_HOME. */
  readonly home: string
}

const LIMITS: DoorLimits = {
  connections: 16,
  inAll: 5000,
  lineBytes: LONGEST_DOOR_LINE,
  lineMs: 10_000,
  answerMs: 2000,
}
const TOKEN_BYTES = 32

/** Opens the door; throws when its folder or socket can not be made. */
export async function openDoor(
  world: DoorWorld,
  order: Pick<AttemptOrder, 'workspace' | 'attemptId' | 'runEpoch' | 'role' | 'threads' | 'tasks'>,
  limits: DoorLimits = LIMITS,
): Promise<Door> {
  const { home, log } = world
  const { attemptId, runEpoch, role, threads = [], tasks = [] } = order
  const { sessionId } = order.workspace
  const token = randomBytes(TOKEN_BYTES).toString('base64url')
  const onError = (error: unknown): void => log.error({ error, attempt: attemptId }, 'The door had a failure')
  const desk = createDoorDesk({
    token,
    subject: { sessionId, attemptId, runEpoch },
    scope: { role, threads, tasks },
    store: (report) => isStored(world, report),
  })
  const place = await makeDoorPlace({ home, sessionId, token, isAlone: role === 'producer' })
  try {
    const answer = async (input: Parameters<typeof desk>[0]): Promise<string> =>
      JSON.stringify(await desk(input))
    const server = await startDoorServer({ path: place.socket, limits, answer, onError })
    const close = async (): Promise<void> => {
      await server.close().catch(onError)
      await removeDoorPlace(place).catch(onError)
    }
    let closing: Promise<void> | null = null
    return { ...place, close: () => (closing ??= close()) }
  } catch (error) {
    await removeDoorPlace(place)
    throw error
  }
}
