// Agents that do what the state of their worktree asks for, so that one that is started again after a kill does not
// depend on how often it was started before: shell scripts, one for each pull request and name. Knows no story.

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeTempFolder, removeTempFolder } from '../temp-repo.ts'

/** `worker` produces; `strict` and `kind` review. */
export type SteadyName = 'worker' | 'strict' | 'kind'

/** Shell scripts by the name of the agent; one without a script does nothing. */
export type SteadyScripts = Readonly<Partial<Record<SteadyName, string>>>

const NAMES: readonly SteadyName[] = ['worker', 'strict', 'kind']

/** What every script may use. */
const WORDS = `
commit() { mkdir -p "$(dirname "$1")" && printf '%s\\n' "$2" >"$1" && git add -- "$1" && git commit --quiet -m "Write $1"; }
ack() { printf '{"verdict":"ack","reasons":[]}' >"$BELAY_VERDICT_FILE"; }
nack() { printf '{"verdict":"nack","reasons":["%s"]}' "$1" >"$BELAY_VERDICT_FILE"; }
told() { grep -q -- "$1" "$BELAY_PROMPT_FILE"; }
gate() { until [ -e "$scripts/go" ]; do sleep 0.02; done; }
`

/** The scripts of all agents of one bench. */
export class SteadyAgents {
  readonly #folder: string
  /** Entries for the operator's agents file. */
  readonly entries: string

  private constructor(folder: string) {
    this.#folder = folder
    this.entries = NAMES.map(
      (name) =>
        `  - name: ${name}\n    binary: /bin/sh\n    args: ${JSON.stringify([join(folder, 'start.sh'), name])}\n    prompt: file\n`,
    ).join('')
  }

  static async create(): Promise<SteadyAgents> {
    const folder = await makeTempFolder()
    const start = `${WORDS}\nscripts="${folder}/$BELAY_PR"\n[ ! -f "$scripts/$1.sh" ] || . "$scripts/$1.sh"\n`
    await writeFile(join(folder, 'start.sh'), start)
    return new SteadyAgents(folder)
  }

  /** Sets what the agents of a pull request do from now on. */
  async script(pr: number, scripts: SteadyScripts): Promise<void> {
    const folder = join(this.#folder, String(pr))
    await mkdir(folder, { recursive: true })
    for (const [name, text] of Object.entries(scripts))
      await writeFile(join(folder, `${name}.sh`), `${text}\n`)
  }

  /** Lets everybody pass the gate, now and later. */
  async letGo(pr: number): Promise<void> {
    await writeFile(join(this.#folder, String(pr), 'go'), '')
  }

  remove(): Promise<void> {
    return removeTempFolder(this.#folder)
  }
}
