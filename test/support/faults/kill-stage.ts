// Puts up every scene on one workbench, ends that program, and gives the saved disk to processes that are killed on it.

import { join } from 'node:path'
import { prLane } from '../../../src/domain/ids.ts'
import type { Job } from '../../../src/domain/changes.ts'
import type { Decision, SyncOperation } from '../../../src/domain/records.ts'
import { loadSession } from '../../../src/workflows/queries.ts'
import { DatabaseReader } from '../database-reader.ts'
import { eventually } from '../eventually.ts'
import { Witness } from '../random-sync/witness.ts'
import { git } from '../temp-repo.ts'
import { playAttempt } from '../workbench/scenes.ts'
import { Workbench } from '../workbench/workbench.ts'
import { drainLanes, type LanesOrder } from './drain-lanes.ts'
import type { Ground, KillScene, StandingScene } from './kill-scene.ts'
import { SavedFolder } from './saved-folder.ts'
import { syncOnce, type SyncOnceEnd } from './sync-process.ts'

/** What a scene ended with, read from the disk by nobody's code but plain git and SQL. */
export interface SceneEnd {
  readonly operations: readonly SyncOperation[]
  readonly openQuestions: readonly Decision[]
  /** Rows of the journal's steps that the job added. */
  readonly newSteps: number
  /** The tree of HEAD. */
  readonly tree: string
  readonly losses: readonly string[]
}

/** The disk with all scenes. */
export class KillStage {
  readonly scenes: readonly StandingScene[]
  readonly #folder: string
  readonly #saved: SavedFolder

  private constructor(parts: { scenes: readonly StandingScene[]; folder: string; saved: SavedFolder }) {
    this.scenes = parts.scenes
    this.#folder = parts.folder
    this.#saved = parts.saved
  }

  /** Plays all scenes up to the moment before their job. */
  static async build(all: readonly KillScene[]): Promise<KillStage> {
    const bench = await Workbench.start({ files: { '.github/belay.yml': configuration('reset') } })
    // <folder>/home/sessions/<session>/tree
    const folder = join(bench.tree('any'), '..', '..', '..', '..')
    const scenes: StandingScene[] = []
    try {
      // Those with an agent come last: it stays at work until the program is gone.
      const order = all.toSorted(
        (one, other) => Number(one.agentEnds !== undefined) - Number(other.agentEnds !== undefined),
      )
      for (const [at, scene] of order.entries()) scenes.push(await stand(bench, scene, `scene-${at}`))
      bench.kill()
      await endAgents(bench, scenes)
      const saved = await SavedFolder.save(folder)
      await bench.close()
      return new KillStage({ scenes, folder, saved })
    } catch (error) {
      await bench.close()
      throw error
    }
  }

  /** Brings the disk back to the moment before the job; returns a witness of what is there. */
  async begin(scene: StandingScene): Promise<Witness> {
    await this.#saved.restore()
    const witness = new Witness(this.#placesOf(scene))
    await witness.look(scene.scene.name)
    return witness
  }

  /** Runs the scene's job in a process of its own; `killAt` 0 lets it live. */
  run(scene: StandingScene, killAt: number): Promise<SyncOnceEnd> {
    return syncOnce(this.#folder, this.#orderOf(scene), killAt)
  }

  /** Does what the next start does, in this process; returns the errors it logged. */
  resume(scene: StandingScene): Promise<readonly string[]> {
    return drainLanes(this.#orderOf(scene), () => undefined)
  }

  #orderOf({ lane, job, branch, pullRequest }: StandingScene): LanesOrder {
    return {
      home: join(this.#folder, 'home'),
      url: this.#url,
      gitBaseUrl: `file://${join(this.#folder, 'github')}`,
      lane,
      idem: `scene:${branch}`,
      job,
      pullRequest,
    }
  }

  /** Looks at what is there now. */
  async look(scene: StandingScene, witness: Witness): Promise<SceneEnd> {
    const reader = new DatabaseReader(this.#url)
    try {
      const { sessionId } = scene
      const operations = (await reader.table('syncOperations')).filter((one) => one.sessionId === sessionId)
      const ids = new Set(operations.map(({ id }) => id))
      const steps = (await reader.table('syncSteps')).filter(({ operationId }) => ids.has(operationId))
      const decisions = (await reader.table('decisions')).filter((one) => one.sessionId === sessionId)
      return {
        operations,
        newSteps: steps.filter(({ startedAt }) => startedAt >= scene.savedAt).length,
        openQuestions: decisions.filter(({ status }) => status === 'pending'),
        tree: await git(this.#placesOf(scene).worktree.gitDir, 'rev-parse', 'HEAD^{tree}'),
        losses: await witness.losses(),
      }
    } finally {
      reader.close()
    }
  }

  remove(): Promise<void> {
    return this.#saved.remove()
  }

  get #url(): string {
    return `file:${join(this.#folder, 'belay.db')}`
  }

  #placesOf({ sessionId, branch }: StandingScene) {
    const session = join(this.#folder, 'home', 'sessions', sessionId)
    const repository = join(session, 'repo.git')
    return {
      origin: join(this.#folder, 'github', 'acme', 'rope.git'),
      mirror: join(this.#folder, 'home', 'mirrors', 'rope.git'),
      worktree: {
        tree: join(session, 'tree'),
        repository,
        gitDir: join(repository, 'worktrees', 'tree'),
        branch,
      },
    }
  }
}

function configuration(onConflict: 'reset' | 'pause'): string {
  return `version: 1\nphases:\n  - name: implement\n    restarts: 0\nsync:\n  on_conflict: ${onConflict}\n`
}

async function configure(bench: Workbench, onConflict: 'reset' | 'pause'): Promise<void> {
  const files = { '.github/belay.yml': configuration(onConflict) }
  await bench.repo.push({ by: 'alice', branch: 'main', files })
}

async function stand(bench: Workbench, scene: KillScene, branch: string): Promise<StandingScene> {
  if (scene.isPausing) await configure(bench, 'pause')
  const ground = await groundOf(bench, scene, branch)
  if (scene.isPausing) await configure(bench, 'reset')
  await scene.make(ground)
  const { pr, session } = ground
  const job = (await scene.job?.(ground)) ?? (await jobOf(ground, scene))
  const { project } = await loadSession(bench.store, session.id)
  const pullRequest = await bench.deps.github.readPullRequest(project, pr.number)
  if (pullRequest === null) throw new Error('The pull request is gone')
  return {
    scene,
    pr,
    branch,
    sessionId: session.id,
    lane: prLane(bench.repo.id, pr.number),
    job,
    pullRequest,
    savedAt: Date.now(),
  }
}

async function groundOf(bench: Workbench, { agentEnds }: KillScene, branch: string): Promise<Ground> {
  if (agentEnds === undefined) {
    const scene = await playAttempt(bench, branch)
    return standing(bench, scene, branch)
  }
  const pr = await bench.openPullRequest(branch)
  await bench.story.script(pr.number, [
    [
      { do: 'meet', name: 'worked' },
      { do: 'exit', code: agentEnds },
    ],
  ])
  await bench.say(pr, 'alice', '/belay run')
  await bench.story.arrived({ pr: pr.number, attempt: 1 }, 'worked')
  return standing(bench, { pr, session: await bench.session(pr) }, branch)
}

async function standing(
  bench: Workbench,
  scene: Pick<Ground, 'pr' | 'session'>,
  branch: string,
): Promise<Ground> {
  const tree = bench.tree(scene.session.id)
  return { ...scene, bench, tree, branch, start: await git(tree, 'rev-parse', 'HEAD') }
}

async function jobOf({ bench, session }: Ground, { agentEnds }: KillScene): Promise<Job> {
  const sessionId = session.id
  if (agentEnds === undefined) return { kind: 'sync_session', sessionId, trigger: 'command', source: null }
  const [attempt] = await bench.store.list('attempts', { sessionId })
  if (attempt === undefined) throw new Error('The agent has no attempt')
  const { id: attemptId, runEpoch } = attempt
  const exit = { kind: 'exited', code: agentEnds } as const
  return {
    kind: 'handle_report',
    report: { kind: 'attempt_ended', sessionId, attemptId, runEpoch, exit, verdict: null },
  }
}

async function endAgents(bench: Workbench, scenes: readonly StandingScene[]): Promise<void> {
  for (const { scene, pr } of scenes) {
    if (scene.agentEnds !== undefined) await bench.story.letGo({ pr: pr.number, attempt: 1 }, 'worked')
  }
  await eventually(async () => (await bench.story.runningAgents()).length === 0, {
    what: 'every agent has ended',
  })
}
