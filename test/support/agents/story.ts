// The director of scripted agents: says what each attempt does, waits until it got somewhere, lets it go on.
// Knows files and processes only; nothing of the program that starts the agents.
import { execFile } from 'node:child_process'
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { eventually } from '../eventually.ts'

/** One thing an agent does, in its worktree unless told. */
export type Act =
  | { readonly do: 'write' | 'append'; readonly path: string; readonly text: string }
  | { readonly do: 'delete'; readonly path: string }
  /** Adds the paths and commits them. */
  | { readonly do: 'commit'; readonly paths: readonly string[]; readonly message: string }
  | { readonly do: 'git'; readonly args: readonly string[] }
  | { readonly do: 'say'; readonly text: string }
  /** Prints the prompt it was given. */
  | { readonly do: 'recite' }
  /** Runs `belay-agent` with these words. */
  | { readonly do: 'door'; readonly args: readonly string[] }
  /** Writes a reviewer's verdict. */
  | {
      readonly do: 'verdict'
      readonly verdict: 'ack' | 'nack'
      readonly reasons: readonly string[]
    }
  /** Writes any text where the verdict is expected. */
  | { readonly do: 'verdict_raw'; readonly text: string }
  /** Waits until the story lets it go on. */
  | { readonly do: 'meet'; readonly name: string }
  /** Never comes back. */
  | { readonly do: 'sleep' }
  | { readonly do: 'exit'; readonly code: number }

/**
 * Which attempt of which pull request, counted from 1.
 *
 * All producers of a pull request share one count. Every reviewer has one of its own, from its first start for the pull
 * request on: without restarts its second attempt is round 2.
 */
export interface Attempt {
  readonly pr: number
  readonly attempt: number
  /** The reviewer's name in the catalogue; a producer without it. */
  readonly reviewer?: string
}

/** The agents of every story, by name; the first is the one that works when nobody named another. */
const AGENTS: readonly { readonly name: string; readonly streams: boolean }[] = [
  { name: 'climber', streams: false },
  { name: 'critic', streams: false },
  { name: 'second', streams: false },
  /** Its silence ends it. */
  { name: 'streamer', streams: true },
]

const ARRIVAL_DEADLINE_MS = 30_000

/** The scripts of all agents of one test world. */
export class AgentStory {
  readonly #folder: string
  /** What `BELAY_AGENTS_FILE` names. */
  readonly agentsFile: string
  /** What a person needs to see when an agent never arrives. */
  explain: () => string = () => ''

  private constructor(folder: string) {
    this.#folder = folder
    this.agentsFile = join(folder, 'agents.yml')
  }

  /** Makes the folder and the operator's file with `climber`, `critic`, `second` and `streamer`. */
  static async create(folder: string): Promise<AgentStory> {
    await mkdir(folder, { recursive: true })
    const story = new AgentStory(folder)
    const program = join(import.meta.dirname, 'story-agent.mjs')
    const entries = AGENTS.map(
      ({ name, streams }) => `  - name: ${name}
    binary: ${JSON.stringify(process.execPath)}
    args: ${JSON.stringify([program, folder, name])}
    prompt: file
    streams: ${streams}
`,
    )
    await writeFile(story.agentsFile, `agents:\n${entries.join('')}`)
    return story
  }

  /** Sets what the producers of a pull request do, one list an attempt; attempts beyond the last list do nothing. */
  script(pr: number, attempts: readonly (readonly Act[])[]): Promise<void> {
    return this.#write({ pr }, attempts)
  }

  /** Sets what one reviewer of a pull request does, in the same way; one that does nothing leaves no verdict. */
  scriptReviewer(
    { pr, reviewer }: Required<Omit<Attempt, 'attempt'>>,
    attempts: readonly (readonly Act[])[],
  ): Promise<void> {
    return this.#write({ pr, reviewer }, attempts)
  }

  async #write(who: Omit<Attempt, 'attempt'>, attempts: readonly (readonly Act[])[]): Promise<void> {
    const folder = this.#folderOf(who)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'acts.json'), JSON.stringify(attempts))
  }

  /** Resolves when the attempt reached the named meeting, or its `end`. */
  async arrived(at: Attempt, name: string): Promise<void> {
    const mark = join(this.#room(at), `reached-${name}`)
    await eventually(() => exists(mark), {
      what: `attempt ${at.attempt} of ${at.reviewer ?? 'the producer'} for #${at.pr} reaches "${name}"`,
      deadlineMs: ARRIVAL_DEADLINE_MS,
      explain: this.explain,
    })
  }

  /** Lets the attempt go on after the named meeting; also before it got there. */
  async letGo(at: Attempt, name: string): Promise<void> {
    const folder = this.#folderOf(at)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, `go-${at.attempt}-${name}`), '')
  }

  /** Returns the prompt the attempt was given. */
  prompt(at: Attempt): Promise<string> {
    return readFile(join(this.#room(at), 'prompt.md'), 'utf8')
  }

  /** Returns the environment the attempt saw. */
  async environment(at: Attempt): Promise<Readonly<Record<string, string>>> {
    const parsed: unknown = JSON.parse(await readFile(join(this.#room(at), 'environment.json'), 'utf8'))
    return Object.fromEntries(Object.entries(parsed ?? {}).map(([name, value]) => [name, String(value)]))
  }

  /** Returns what the door answered the attempt, in order. */
  async doorAnswers(
    at: Attempt,
  ): Promise<readonly { readonly code: number | null; readonly text: string }[]> {
    const text = await readFile(join(this.#room(at), 'door'), 'utf8').catch(() => '')
    const lines = text.split('\n').filter((line) => line !== '')
    return lines.map((line) => JSON.parse(line) as { readonly code: number | null; readonly text: string })
  }

  /** Returns how many attempts of the producers, or of one reviewer, were started for a pull request. */
  async attemptCount(pr: number, reviewer?: string): Promise<number> {
    const who = reviewer === undefined ? { pr } : { pr, reviewer }
    const names = await readdir(this.#folderOf(who)).catch(() => [])
    return names.filter((name) => name.startsWith('attempt-')).length
  }

  /** Returns the process ids of this story's agents that still run. */
  async runningAgents(): Promise<readonly number[]> {
    const pids: number[] = []
    for (const name of await readdir(this.#folder, { recursive: true })) {
      if (!name.endsWith('/pid')) continue
      const pid = Number(await readFile(join(this.#folder, name), 'utf8'))
      if (pid > 0 && (await commandLine(pid)).includes(this.#folder)) pids.push(pid)
    }
    return pids
  }

  /** Kills the process groups of agents that were left behind; a stranger with a recycled id is not touched. */
  async killLeftAgents(): Promise<void> {
    for (const pid of await this.runningAgents()) {
      try {
        process.kill(-pid, 'SIGKILL')
      } catch {
        // It ended between the look and the kill.
      }
    }
  }

  #folderOf({ pr, reviewer }: Omit<Attempt, 'attempt'>): string {
    const folder = join(this.#folder, `pr-${pr}`)
    return reviewer === undefined ? folder : join(folder, `reviewer-${reviewer}`)
  }

  #room(at: Attempt): string {
    return join(this.#folderOf(at), `attempt-${at.attempt}`)
  }
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'args=', '-ww', '-p', String(pid)], (error, stdout) =>
      resolve(error === null ? stdout : ''),
    )
  })
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
