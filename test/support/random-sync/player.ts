// Plays one random case on a workbench: real git, real database, real runner, real agent processes. What people and
// agents do is theirs; what the program does is judged.

import { access } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { FakePullRequest } from '../fake-github/index.ts'
import { Workbench } from '../workbench/workbench.ts'
import { AgentHold } from './agent-hold.ts'
import { cure } from './cure.ts'
import { changeFiles, FIRST_FILES, Ink } from './file-changes.ts'
import { Interference } from './interference.ts'
import { JudgedActs, LawBroken } from './judged-acts.ts'
import { isSync } from './laws.ts'
import { makeOwnCommit, succeeds } from './own-commits.ts'
import { nameOf, type HostMood, type Operation, type RandomCase } from './operations.ts'
import { PersonWithClone } from './remote-moves.ts'
import type { Tally } from './tally.ts'
import { disturb } from './worktree-states.ts'

const BRANCH = 'work'

/** Plays the case; throws `LawBroken` when it does not hold what the program promises. */
export async function playRandomCase(randomCase: RandomCase, tally: Tally): Promise<void> {
  const bench = await Workbench.start({
    files: { ...FIRST_FILES, '.github/belay.yml': configuration(randomCase) },
  })
  try {
    const pr = await bench.openPullRequest(BRANCH)
    await bench.settle()
    await new Player(bench, { randomCase, tally, pr }).play()
  } finally {
    await bench.close()
  }
}

function configuration({ onConflict, pushBackups }: RandomCase): string {
  return `version: 1\nsync:\n  on_conflict: ${onConflict}\n  push_backups: ${pushBackups}\n`
}

class Player {
  readonly #bench: Workbench
  readonly #case: RandomCase
  readonly #tally: Tally
  readonly #pr: FakePullRequest
  readonly #carol: PersonWithClone
  readonly #ink = new Ink()
  readonly #agent: AgentHold
  readonly #interference: Interference
  readonly #acts: JudgedActs
  readonly #story: string[] = []

  constructor(
    bench: Workbench,
    parts: { readonly randomCase: RandomCase; readonly tally: Tally; readonly pr: FakePullRequest },
  ) {
    this.#bench = bench
    this.#case = parts.randomCase
    this.#tally = parts.tally
    this.#pr = parts.pr
    this.#carol = new PersonWithClone({
      repository: bench.repo,
      faults: bench.github.faults,
      branch: BRANCH,
      clone: join(dirname(bench.repo.git.path), 'carol'),
      ownRepository: () => this.#acts.places?.repository ?? null,
      ink: this.#ink,
    })
    this.#agent = new AgentHold(bench, parts.pr)
    this.#interference = new Interference(bench)
    this.#acts = new JudgedActs({
      bench,
      pr: parts.pr,
      branch: BRANCH,
      carol: this.#carol,
      agent: this.#agent,
      interference: this.#interference,
      died: () => this.#died(),
    })
  }

  async play(): Promise<void> {
    this.#tally.cases += 1
    await this.#carol.clone()
    await this.#agent.script(this.#case.exits)
    await this.#perform({ do: 'run' })
    if (this.#case.beginsIdle) await this.#perform({ do: 'end_attempt' })
    for (const operation of this.#case.operations) await this.#perform(operation)
    await this.#perform({ do: 'end_attempt' })
    await this.#perform({ do: 'sync' })
    await this.#count()
  }

  async #perform(operation: Operation): Promise<void> {
    const name = nameOf(operation)
    try {
      const happened = await this.#do(operation)
      this.#story.push(`${name}: ${happened ? 'done' : 'skipped'}`)
      this.#tally.operation(name, happened)
    } catch (error) {
      this.#story.push(`${name}: broke`)
      throw this.#told(error)
    }
  }

  #told(error: unknown): LawBroken {
    const words =
      error instanceof LawBroken ? error.message : error instanceof Error ? error.stack : String(error)
    const story = this.#story.map((line) => `  ${line}`)
    return new LawBroken([words, 'What happened:', ...story, 'Log:', this.#bench.log.troubles()].join('\n'))
  }

  #died(): void {
    this.#tally.kills += 1
    this.#story.push('  died and was started again')
  }

  async #do(operation: Operation): Promise<boolean> {
    switch (operation.do) {
      case 'own_commit':
      case 'disturb':
      case 'cure':
      case 'collect_garbage':
        return this.#inWorktree(operation)
      case 'remote':
        if (!(await this.#carol.move(operation))) return false
        return operation.isTold ? this.#acts.act(async () => undefined) : true
      case 'race':
        return this.#arm(operation)
      case 'kill':
        this.#interference.killAt(operation)
        return true
      case 'host':
        return this.#setMood(operation.mood)
      case 'answer':
        return this.#answer(operation.option)
      case 'run':
        return (await this.#acts.question()) === null && this.#say('/belay run')
      case 'end_attempt':
        return this.#endAttempt()
      case 'sync':
        // Beside an open question nothing is synced; its first option is the way on.
        return (await this.#acts.question()) === null ? this.#say('/belay sync') : this.#answer(0)
      case 'restart':
        return this.#acts.act(() => this.#bench.reboot())
    }
  }

  #say(command: string): Promise<boolean> {
    return this.#acts.act(async () => void (await this.#bench.say(this.#pr, 'alice', command)))
  }

  async #inWorktree(
    operation: Extract<Operation, { do: 'own_commit' | 'disturb' | 'cure' | 'collect_garbage' }>,
  ): Promise<boolean> {
    const { places } = this.#acts
    if (places === null) return false
    if (operation.do === 'cure') {
      if ((await this.#acts.question()) === null) return false
      await cure(places)
      return true
    }
    if (!(await exists(places.tree))) return false
    const ink = this.#ink
    if (operation.do === 'own_commit') return makeOwnCommit({ ...operation, tree: places.tree, ink })
    if (operation.do === 'disturb') return disturb({ ...operation, places, ink })
    await succeeds(places.tree, ['reflog', 'expire', '--expire=now', '--all'])
    return succeeds(places.tree, ['gc', '--quiet', '--prune=now'])
  }

  /** Whoever is faster than the program works between two of its steps; the witness sees that as well. */
  #arm(race: Extract<Operation, { do: 'race' }>): boolean {
    this.#interference.race(race, async (witness) => {
      const { changes } = race
      const { places } = this.#acts
      if (race.who === 'person') await this.#carol.move({ move: 'commit', changes, depth: 0, isTold: false })
      else if (places !== null && (await exists(places.tree))) {
        const { tree } = places
        if (race.who === 'agent') await makeOwnCommit({ tree, as: 'plain', changes, ink: this.#ink })
        else await witness.whileSomebodyWrites(tree, () => changeFiles(tree, changes, this.#ink))
      }
      await witness.look('race')
    })
    return true
  }

  async #setMood(mood: HostMood): Promise<boolean> {
    const { watch, repo } = this.#bench
    watch.tokens = mood === 'revokes_token' ? 'revoked' : 'good'
    const refused = {
      refuses_pushes: 'refs/heads/*',
      refuses_pins: 'refs/belay/*',
      kind: 'none',
      revokes_token: 'none',
    }
    const refusal = `case "$ref" in ${refused[mood]}) echo "GH006: Protected branch update failed" >&2; exit 1;; esac`
    await repo.git.preReceive(`#!/bin/sh\nwhile read -r old new ref; do ${refusal}; done\n`)
    return true
  }

  async #answer(option: number): Promise<boolean> {
    const question = await this.#acts.question()
    const chosen = question?.options[option % question.options.length]
    if (question === null || chosen === undefined) return false
    if (chosen.action === 'restore_branch') this.#carol.letBranchComeBack()
    const answer = { pipelineId: question.pipelineId, decisionId: question.id, answer: chosen.id } as const
    return this.#acts.act(async () => {
      await this.#bench.answer({ ...answer, via: 'rest' }).catch((error: unknown) => {
        if (!this.#bench.isDead) throw error
      })
    })
  }

  async #endAttempt(): Promise<boolean> {
    const held = await this.#agent.held(this.#acts.session)
    return held !== null && this.#acts.act(() => this.#agent.letGo(held))
  }

  async #count(): Promise<void> {
    const operations = await this.#bench.store.list('syncOperations', {})
    for (const { case: name } of operations.filter(isSync)) this.#tally.syncCase(name)
    for (const { kind } of await this.#bench.decisions(this.#pr)) this.#tally.question(kind)
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
