// Plays a story of a pipeline on a workbench whose program dies where it is told, starts it again each time, and does
// what people do. Knows what became of it; says nothing of right or wrong.

import { Witness } from '../random-sync/witness.ts'
import { probeGaps, type GapProbe } from '../workbench/gap-probe.ts'
import { configure } from '../workbench/scenes.ts'
import type { Workbench } from '../workbench/workbench.ts'
import { DeathWatch, type DeathPoint, type DiesAt } from './death-points.ts'
import type { Deed, PipelineStory, Place, Sight } from './pipeline-story.ts'
import type { SteadyAgents } from './steady-agents.ts'

/** Where stories are played, one after the other. */
export interface Stage {
  readonly bench: Workbench
  readonly agents: SteadyAgents
}

/** What became of a story. */
export interface Played {
  readonly place: Place
  readonly passed: readonly DeathPoint[]
  readonly deaths: readonly DeathPoint[]
  readonly sight: Sight
  /** Rows of the change log up to this one were there before. */
  readonly since: number
  /** Lines of the log before this one were there before. */
  readonly logged: number
  /** The head of the branch when it began, and every one that was seen later. */
  readonly heads: readonly string[]
  /** How often each deed was done. */
  readonly done: ReadonlyMap<Deed, number>
  /** What a second connection saw that nobody may see. */
  readonly gaps: readonly string[]
  /** What was lost of all that was there in the beginning or at a death. */
  readonly losses: readonly string[]
}

/** Restarts of an agent are waited out; more than there are. */
const MOST_IDLE_ROUNDS = 14
const IDLE_MS = 60_000
/** A program that dies for ever is a failure, not a long test. */
const MOST_ROUNDS = 400

/** Plays it to its end, or until nothing happens any more. */
export async function playStory(
  stage: Stage,
  story: PipelineStory,
  { branch, diesAt }: { readonly branch: string; readonly diesAt: DiesAt },
): Promise<Played> {
  const place = await standAt(stage, story, branch)
  const player = new Player(place, story, diesAt)
  try {
    return await player.play()
  } finally {
    player.disarm()
  }
}

async function standAt({ bench, agents }: Stage, story: PipelineStory, branch: string): Promise<Place> {
  await configure(bench, story.config)
  const pr = await bench.openPullRequest(branch)
  await agents.script(pr.number, story.agents)
  await story.stand({ bench, agents, pr, branch })
  return { bench, agents, pr, branch, session: await bench.session(pr) }
}

class Player {
  readonly #place: Place
  readonly #story: PipelineStory
  readonly #deaths: DeathWatch
  readonly #witness: Witness
  readonly #probes: GapProbe[] = []
  readonly #heads: string[]
  readonly #done = new Map<Deed, number>()

  constructor(place: Place, story: PipelineStory, diesAt: DiesAt) {
    this.#place = place
    this.#story = story
    this.#deaths = new DeathWatch(place.bench, { sessionId: place.session.id, diesAt })
    this.#witness = witnessOf(place)
    this.#heads = [place.pr.headSha]
  }

  async play(): Promise<Played> {
    const { bench } = this.#place
    const since = (await bench.reader.changeLog()).at(-1)?.seq ?? 0
    const logged = bench.log.lines.length
    await this.#witness.look('before')
    this.#arm()
    const sight = await this.#toTheEnd()
    const losses = await this.#witness.losses()
    const { passed, deaths } = this.#deaths
    const gaps = [...new Set(this.#probes.flatMap((probe) => probe.faults()))]
    const [place, heads, done] = [this.#place, this.#heads, this.#done]
    return { place, passed, deaths, sight, since, logged, heads, done, gaps, losses }
  }

  disarm(): void {
    this.#deaths.disarm()
  }

  #arm(): void {
    const { bench, pr } = this.#place
    this.#deaths.disarm()
    bench.watch.hook = () => {
      if (this.#heads.at(-1) !== pr.headSha) this.#heads.push(pr.headSha)
    }
    this.#probes.push(probeGaps(bench))
    this.#deaths.arm()
  }

  async #toTheEnd(): Promise<Sight> {
    const { bench } = this.#place
    let idle = 0
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.#rest()
      if (bench.isDead) {
        await this.#startAgain()
        continue
      }
      const sight = await this.#look()
      const due = this.#story.deeds.find((deed) => this.#isDue(deed, sight))
      if (due !== undefined) await this.#do(due, sight)
      else if (idle === MOST_IDLE_ROUNDS || (idle > 0 && this.#isOver(sight))) return sight
      else {
        idle += 1
        bench.clock.advance(IDLE_MS)
      }
    }
    throw new Error(`${this.#story.name} comes to no end.\n${bench.log.troubles()}`)
  }

  /** Agents of a dead start end as well, unseen. */
  async #rest(): Promise<void> {
    const { bench } = this.#place
    await bench.settle()
    await bench.watch.attemptsOver()
    await bench.settle()
  }

  async #startAgain(): Promise<void> {
    const { bench } = this.#place
    await this.#witness.look(`death ${this.#deaths.deaths.length}`)
    await bench.reboot()
    this.#arm()
  }

  async #look(): Promise<Sight> {
    const { bench, pr } = this.#place
    const decisions = await bench.decisions(pr)
    const open = decisions.find(({ status }) => status === 'pending') ?? null
    return { pipeline: await bench.pipeline(pr), decisions, open }
  }

  /** One after the other; again only when it was not taken and could not last. */
  #isDue(deed: Deed, sight: Sight): boolean {
    if (deed.wasTaken(sight) || !deed.isTime(sight)) return false
    return !(deed.outlives && this.#done.has(deed))
  }

  async #do(deed: Deed, sight: Sight): Promise<void> {
    const { bench } = this.#place
    try {
      await deed.act(this.#place, sight)
    } catch (error) {
      if (!bench.isDead) throw error
    }
    this.#done.set(deed, (this.#done.get(deed) ?? 0) + 1)
  }

  #isOver({ pipeline, open }: Sight): boolean {
    return pipeline.status === this.#story.end.status && open === null
  }
}

function witnessOf({ bench, branch, session }: Place): Witness {
  const tree = bench.tree(session.id)
  const repository = tree.replace(/tree$/u, 'repo.git')
  return new Witness({
    origin: bench.repo.git.path,
    mirror: bench.mirror(session.projectId),
    worktree: { tree, repository, gitDir: `${repository}/worktrees/tree`, branch },
  })
}
