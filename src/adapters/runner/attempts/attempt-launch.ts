// What an agent's process is started with: program, arguments, environment, files. Starts nothing itself.

import { constants } from 'node:fs'
import { copyFile, mkdir, rm } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { Isolation } from '../../../domain/config/operator-config.ts'
import type { AttemptOrder } from '../../../ports/runner.ts'
import type { Door } from '../door/open-door.ts'
import type { AgentEntry } from './agent-entry.ts'
import { isNotThere, lookAt } from '../look-at.ts'

export interface Launch {
  readonly program: string
  readonly args: readonly string[]
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>
  /** What goes to standard input, or null for none. */
  readonly input: string | null
}

export interface LaunchOrder {
  readonly order: AttemptOrder
  readonly agent: AgentEntry
  /** The absolute path of the agent's program. */
  readonly binary: string
  readonly isolation: Isolation
  readonly host: Readonly<Record<string, string | undefined>>
  readonly agentHome: string
  readonly promptFile: string
  /** Where a reviewer leaves its verdict; null for everybody else. */
  readonly verdictFile: string | null
  readonly door: Pick<Door, 'socket' | 'tokenFile' | 'bin'>
}

/** Returns the launch of one attempt. */
export function toLaunch(launch: LaunchOrder): Launch {
  const { order, agent, binary, isolation, host, agentHome, promptFile } = launch
  const own = [binary, ...toArgs(agent, order.prompt, promptFile)]
  const argv = isolation.kind === 'wrapper' ? [...isolation.argv, ...own] : own
  const [program = binary, ...args] = argv
  return {
    program,
    args,
    env: withDoor({ ...hostVariables(agent, host), ...belayVariables(launch), HOME: agentHome }, launch.door),
    input: agent.prompt === 'stdin' ? order.prompt : null,
  }
}

function toArgs(agent: AgentEntry, prompt: string, promptFile: string): readonly string[] {
  const isPlaced = agent.args.some((arg) => arg.includes('{prompt}'))
  const args = agent.args.map((arg) =>
    arg.replaceAll('{prompt_file}', () => promptFile).replaceAll('{prompt}', () => prompt),
  )
  return agent.prompt === 'argument' && !isPlaced ? [...args, prompt] : args
}

/** A scrubbed environment: what a program needs to run at all, and what the operator named for this agent. */
function hostVariables(agent: AgentEntry, host: LaunchOrder['host']): Readonly<Record<string, string>> {
  const defaults = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', TERM: 'dumb' }
  const named = ['PATH', 'LANG', 'TERM', ...agent.env].flatMap(
    (name): readonly (readonly [string, string])[] => {
      const value = host[name]
      return value === undefined ? [] : [[name, value]]
    },
  )
  return { ...defaults, ...Object.fromEntries(named) }
}

function belayVariables({ order, promptFile, verdictFile }: LaunchOrder): Readonly<Record<string, string>> {
  return {
    BELAY_SESSION: order.workspace.sessionId,
    BELAY_PROJECT: order.workspace.projectId,
    BELAY_PR: String(order.prNumber),
    BELAY_PHASE: order.phase,
    BELAY_ROLE: order.role,
    BELAY_ATTEMPT: order.attemptId,
    BELAY_PROMPT_FILE: promptFile,
    ...(verdictFile === null ? {} : { BELAY_VERDICT_FILE: verdictFile }),
  }
}

/** The token itself is in no environment and no argument: both are shown by lists of processes. */
function withDoor(
  env: Readonly<Record<string, string>>,
  { socket, tokenFile, bin }: LaunchOrder['door'],
): Readonly<Record<string, string>> {
  const path = [bin, env['PATH']].filter((part) => part !== undefined && part !== '').join(delimiter)
  return { ...env, PATH: path, BELAY_DOOR: socket, BELAY_DOOR_TOKEN_FILE: tokenFile }
}

/** Returns the mark of the processes of one attempt, or of all attempts of a session: the folder above prompt files. */
export function attemptMark(folder: string): string {
  return `BELAY_PROMPT_FILE=${folder}/`
}

/**
 * Copies the operator's files for the agent into its home, fresh for each attempt; returns those that are not there.
 *
 * The home is the agent's to write: a link planted in it must not lead a copied secret somewhere else.
 */
export async function furnishHome(
  agent: AgentEntry,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly string[]> {
  await makeRealFolder(to)
  const missing: string[] = []
  for (const file of agent.home) {
    const parts = file.split('/')
    for (let depth = 1; depth < parts.length; depth += 1)
      await makeRealFolder(join(to, ...parts.slice(0, depth)))
    await rm(join(to, file), { recursive: true, force: true })
    try {
      await copyFile(join(from, file), join(to, file), constants.COPYFILE_EXCL)
    } catch (error) {
      if (!isNotThere(error)) throw error
      missing.push(file)
    }
  }
  return missing
}

async function makeRealFolder(folder: string): Promise<void> {
  const found = await lookAt(folder)
  if (found !== null && !found.isDirectory()) await rm(folder)
  await mkdir(folder, { recursive: true, mode: 0o700 })
}
