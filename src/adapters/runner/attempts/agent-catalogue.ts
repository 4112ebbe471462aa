// Which agents can be started here: the operator's own first, then the built-in ones. Looks binaries up, starts nothing.

import { constants } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { AppError } from '../../../domain/errors/app-error.ts'
import type { AgentEntry } from './agent-entry.ts'
import { BUILT_IN_AGENTS } from './built-in-agents.ts'
import { parseAgentsFile } from './parse-agents-file.ts'

export interface AgentCatalogue {
  /** Names of all agents, the operator's first. */
  readonly names: readonly string[]
  find(name: string): AgentEntry | null
  /** Returns the agent to take when nobody named one. */
  first(): Promise<AgentEntry>
  /** Returns the absolute path of an agent's program, or null when it is not on this machine. */
  locate(agent: AgentEntry): Promise<string | null>
}

export interface CatalogueOptions {
  /** What BELAY_AGENTS_FILE names, or null. */
  readonly agentsFile: string | null
  readonly host: Readonly<Record<string, string | undefined>>
  readonly operatorHome: string
}

/** Reads the operator's file. Throws `AGENTS_FILE_INVALID`. */
export async function loadAgentCatalogue(options: CatalogueOptions): Promise<AgentCatalogue> {
  const own = options.agentsFile === null ? [] : await readOwn(options.agentsFile)
  const ownNames = new Set(own.map(({ name }) => name))
  const agents = [...own, ...BUILT_IN_AGENTS.filter(({ name }) => !ownNames.has(name))]
  const locate = (agent: AgentEntry): Promise<string | null> => locateBinary(agent, options)
  return {
    names: agents.map(({ name }) => name),
    find: (name) => agents.find((agent) => agent.name === name) ?? null,
    first: async () => {
      const [ownFirst] = own
      return ownFirst ?? (await firstInstalled(agents, locate))
    },
    locate,
  }
}

async function readOwn(path: string): Promise<readonly AgentEntry[]> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const faults = [`it can not be read (${error instanceof Error ? error.message : 'unknown reason'})`]
    throw new AppError('AGENTS_FILE_INVALID', { path, faults }, { cause: error })
  }
  const parsed = parseAgentsFile(text)
  if (parsed.kind === 'faulty') throw new AppError('AGENTS_FILE_INVALID', { path, faults: parsed.faults })
  return parsed.agents
}

/** Without a file of the operator's, the first built-in agent that is installed; if none is, the first of all. */
async function firstInstalled(
  agents: readonly AgentEntry[],
  locate: (agent: AgentEntry) => Promise<string | null>,
): Promise<AgentEntry> {
  for (const agent of agents) {
    if ((await locate(agent)) !== null) return agent
  }
  const [first] = agents
  if (first === undefined) throw new Error('The catalogue is empty')
  return first
}

async function locateBinary(
  agent: AgentEntry,
  { host, operatorHome }: CatalogueOptions,
): Promise<string | null> {
  if (isAbsolute(agent.binary)) return (await isProgram(agent.binary)) ? agent.binary : null
  const searched = (host['PATH'] ?? '').split(delimiter).filter((folder) => isAbsolute(folder))
  const places = agent.places.map((place) => (isAbsolute(place) ? place : join(operatorHome, place)))
  for (const folder of [...searched, ...places]) {
    const file = join(folder, agent.binary)
    if (await isProgram(file)) return file
  }
  return null
}

async function isProgram(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK)
    return (await stat(file)).isFile()
  } catch {
    // Not there, or not for us: the caller says so.
    return false
  }
}
