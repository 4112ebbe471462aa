// Everything the program does stands between a look of the witness and the laws. Knows how the program comes to rest
// and how it is started again; decides nothing of what happens.

import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Decision, Session } from '../../../src/domain/records.ts'
import type { FakePullRequest } from '../fake-github/index.ts'
import { RESTART_DELAY_MS } from '../workbench/incarnation.ts'
import type { Workbench } from '../workbench/workbench.ts'
import type { AgentHold } from './agent-hold.ts'
import type { Interference } from './interference.ts'
import { breaches, dirtyPaths, isSync, type Before } from './laws.ts'
import type { PersonWithClone } from './remote-moves.ts'
import { listPins, Witness } from './witness.ts'
import type { WorktreePlaces } from './worktree-states.ts'

const A_DAY_MS = 24 * 60 * 60_000
const MOST_REST_ROUNDS = 10

/** A law was broken; the message tells the whole story. */
export class LawBroken extends Error {}

export interface JudgedParts {
  readonly bench: Workbench
  readonly pr: FakePullRequest
  readonly branch: string
  readonly carol: PersonWithClone
  readonly agent: AgentHold
  readonly interference: Interference
  /** Hears of every death. */
  readonly died: () => void
}

/** The acts of the program on one pull request. */
export class JudgedActs {
  readonly #parts: JudgedParts
  session: Session | null = null

  constructor(parts: JudgedParts) {
    this.#parts = parts
  }

  /** Returns where the session works; null as long as there is none. */
  get places(): WorktreePlaces | null {
    if (this.session === null) return null
    const tree = this.#parts.bench.tree(this.session.id)
    const repository = join(dirname(tree), 'repo.git')
    return { tree, repository, gitDir: join(repository, 'worktrees', 'tree'), branch: this.#parts.branch }
  }

  /** Returns the open question. */
  async question(): Promise<Decision | null> {
    const decisions = await this.#parts.bench.decisions(this.#parts.pr)
    return decisions.find(({ status }) => status === 'pending') ?? null
  }

  /** Lets the program act, and do whatever follows from it; throws `LawBroken`. */
  async act(act: () => Promise<void>): Promise<true> {
    const { bench, carol, interference } = this.#parts
    const witness = new Witness({ origin: bench.repo.git.path, mirror: this.#mirror, worktree: this.places })
    await witness.look('before')
    const before = await this.#before()
    interference.begin(witness)
    await act()
    await this.#rest()
    interference.end()
    await this.#judge(witness, before)
    await carol.seen()
    return true
  }

  async #before(): Promise<Before> {
    const sessionId = this.session?.id
    const operations =
      sessionId === undefined ? [] : await this.#parts.bench.store.list('syncOperations', { sessionId })
    return {
      pins: await listPins(this.#mirror),
      syncs: operations.filter(isSync).length,
      dirty: await this.#dirty(),
    }
  }

  async #dirty(): Promise<readonly string[] | null> {
    if (this.places === null) return []
    return existsSync(this.places.tree) ? dirtyPaths(this.places.tree) : null
  }

  /** Pumps until the program has nothing to do but to wait for an agent or a person; starts it again when it died. */
  async #rest(): Promise<void> {
    const { bench, pr, agent, interference, died } = this.#parts
    for (let rounds = 0; rounds < MOST_REST_ROUNDS; rounds += 1) {
      await bench.settle()
      if (bench.isDead) {
        died()
        await bench.reboot()
        interference.survived()
      } else if (rounds > 0 && (await agent.isQuiet(this.session))) return
      // A failed attempt is started again, and a job of a dead start is due again, after a while.
      bench.clock.advance(rounds === 0 ? RESTART_DELAY_MS : A_DAY_MS)
      this.session = (await bench.store.list('sessions', { prNumber: pr.number })).at(-1) ?? null
    }
    throw new Error('The program does not come to rest')
  }

  async #judge(witness: Witness, before: Before): Promise<void> {
    const { bench, carol, agent, interference } = this.#parts
    const { session, places } = this
    if (session === null || places === null) return
    const found = [
      ...(await witness.losses()),
      ...(await breaches({
        bench,
        sessionId: session.id,
        places,
        carol,
        before,
        pins: await listPins(this.#mirror),
        isDisturbed: interference.hasRaced || (await agent.held(session)) !== null,
      })),
      ...bench.failures(),
    ]
    if (found.length > 0) throw new LawBroken(found.join('\n'))
  }

  get #mirror(): string {
    return this.#parts.bench.mirror(this.session?.projectId ?? 'none')
  }
}
