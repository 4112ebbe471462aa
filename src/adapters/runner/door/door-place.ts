// Where the door of one attempt lies: a folder of its own that nobody else may enter, with socket, token and program,
// so that a sandbox needs to show exactly this folder. Outside every worktree. Listens to nothing.

import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listFolder, lookAt } from '../look-at.ts'
import { clientProgram, shellProgram } from './agent-program.ts'

export interface DoorPlace {
  readonly folder: string
  readonly socket: string
  readonly tokenFile: string
  /** Holds `belay-agent` and nothing else; goes before the agent's PATH. */
  readonly bin: string
}

/** The address of a socket is 104 bytes on some systems and 108 on others, with a zero at its end. */
const LONGEST_SOCKET_PATH = 103

export interface PlaceOrder {
  /** BELAY_HOME. */
  readonly home: string
  readonly sessionId: string
  readonly token: string
  /** Whether no other attempt of the session may have a door; reviewers work beside each other. */
  readonly isAlone: boolean
}

/** Makes the folder and everything in it but the socket; who is alone takes away first what a crash left of the session. */
export async function makeDoorPlace({ home, sessionId, token, isAlone }: PlaceOrder): Promise<DoorPlace> {
  const mark = markOf(sessionId)
  const doors = join(home, 'doors')
  const isFitting = fits(join(doors, `${mark}-`))
  const folder = isFitting ? await makeBelowHome(doors, { mark, isAlone }) : await makeElsewhere()
  const place = {
    folder,
    socket: join(folder, 'sock'),
    tokenFile: join(folder, 'token'),
    bin: join(folder, 'bin'),
  }
  try {
    await mkdir(place.bin, { mode: 0o700 })
    await writeFile(place.tokenFile, `${token}\n`, { flag: 'wx', mode: 0o600 })
    await writeFile(join(folder, 'belay-agent.mjs'), clientProgram(), { flag: 'wx', mode: 0o600 })
    const program = join(place.bin, 'belay-agent')
    await writeFile(program, shellProgram(process.execPath), { flag: 'wx', mode: 0o700 })
    return place
  } catch (error) {
    await removeDoorPlace(place)
    throw error
  }
}

/** Removes the folder with all that is in it; links in it are removed, never followed. */
export async function removeDoorPlace({ folder }: Pick<DoorPlace, 'folder'>): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })
}

/** Names of sessions can be long, and the path of a socket can not. */
function markOf(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex').slice(0, 12)
}

/** An agent may have put a link where the doors lie: nothing is removed or made behind one. */
async function makeBelowHome(
  doors: string,
  { mark, isAlone }: { readonly mark: string; readonly isAlone: boolean },
): Promise<string> {
  const found = await lookAt(doors)
  if (found !== null && !found.isDirectory()) await rm(doors)
  await mkdir(doors, { recursive: true, mode: 0o700 })
  for (const { name } of await listFolder(doors)) {
    if (isAlone && name.startsWith(`${mark}-`)) await removeDoorPlace({ folder: join(doors, name) })
  }
  return makePrivate(join(doors, `${mark}-`))
}

/** In the system's folder for temporary files, when the path would be too long for a socket. */
async function makeElsewhere(): Promise<string> {
  const fitting = [await realpath(tmpdir()), '/tmp'].map((folder) => join(folder, 'belay-')).find(fits)
  return makePrivate(fitting ?? '/tmp/belay-')
}

function fits(prefix: string): boolean {
  return Buffer.byteLength(`${prefix}123456/sock`) <= LONGEST_SOCKET_PATH
}

async function makePrivate(prefix: string): Promise<string> {
  const folder = await mkdtemp(prefix)
  await chmod(folder, 0o700)
  return folder
}
