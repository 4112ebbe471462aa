// Two at once on one worktree: processes of ours with different fences, of which the older one is refused, and an agent's
// git that commits while a sync works. Nothing is lost, and nobody tries for ever.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createEmbeddedRunner } from '../../src/adapters/runner/embedded-runner.ts'
import { toSha, type Sha } from '../../src/domain/ids.ts'
import type { SyncStep } from '../../src/domain/sync/step.ts'
import { eventually } from '../support/eventually.ts'
import { embeddedOptions } from '../support/embedded-runner.ts'
import { programArguments } from '../support/program-arguments.ts'
import { Witness } from '../support/random-sync/witness.ts'
import { BRANCH, IDENTITY, RunnerWorld } from '../support/runner-world.ts'
import { git, writeFiles } from '../support/temp-repo.ts'
import { playAttempt } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

const PROGRAM = join(import.meta.dirname, '../support/recover-once.ts')
const MOST_TRIES = 3
const AGENT_COMMITS = 60

let close: () => Promise<void> = () => Promise.resolve()

afterEach(() => close())

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly errors: string
}

interface PlanStart {
  readonly fence: number
  readonly path?: string
}

/** Runs the plan in a process of its own. */
async function runPlan(
  world: RunnerWorld,
  plan: readonly SyncStep[],
  { fence, path }: PlanStart,
): Promise<Ended> {
  const file = join(world.folder, `order-${fence}.json`)
  const order = { workspace: world.workspace(), plan, identity: IDENTITY, fence }
  const gitBaseUrl = `file://${join(world.folder, 'remote')}`
  await writeFile(file, JSON.stringify({ home: world.home, gitBaseUrl, order }))
  const child = spawn(process.execPath, [...programArguments(PROGRAM), file], {
    env: { ...process.env, ...(path === undefined ? {} : { PATH: path }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
  })
  let [out, errors] = ['', '']
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, errors }
}

/** A `git` that stops before its first `read-tree` until it is let go: the process is then inside its reset. */
class HeldGit {
  readonly #folder: string

  private constructor(folder: string) {
    this.#folder = folder
  }

  static async make(folder: string): Promise<HeldGit> {
    const path = process.env['PATH'] ?? ''
    await mkdir(join(folder, 'bin'), { recursive: true })
    const hold = `touch '${folder}/waits'; n=0; while [ ! -e '${folder}/go' ] && [ $n -lt 3000 ]; do n=$((n+1)); sleep 0.02; done`
    const script = `#!/bin/sh\ncase " $* " in *" read-tree "*) ${hold};; esac\nPATH='${path}' exec git "$@"\n`
    await writeFile(join(folder, 'bin', 'git'), script, { mode: 0o755 })
    return new HeldGit(folder)
  }

  get path(): string {
    return `${join(this.#folder, 'bin')}:${process.env['PATH'] ?? ''}`
  }

  waits(): Promise<unknown> {
    const waits = (): Promise<boolean> =>
      access(join(this.#folder, 'waits')).then(
        () => true,
        () => false,
      )
    return eventually(waits, { what: 'the older process is inside its reset', deadlineMs: 60_000 })
  }

  letGo(): Promise<void> {
    return writeFile(join(this.#folder, 'go'), '')
  }
}

describe('two processes with different fences', () => {
  it('the older one is refused, the newer one finishes, nothing is lost', { timeout: 240_000 }, async () => {
    const world = await RunnerWorld.create((setting) => createEmbeddedRunner(embeddedOptions(setting)))
    close = () => world.close()
    await world.prepare()
    const tree = world.tree()
    await writeFiles(tree, { 'src/knot.txt': 'ours\n' })
    await git(tree, 'commit', '--quiet', '--all', '--message=Ours')
    await writeFiles(tree, { 'src/other.txt': 'unstaged\n', 'note.txt': 'untracked\n' })
    const from = toSha(await git(tree, 'rev-parse', 'HEAD'))
    const target = toSha(await world.origin.push({ 'src/knot.txt': 'theirs\n', 'note.txt': 'theirs\n' }))
    await world.inspect(null)
    const witness = witnessOf(world)
    await witness.look('before')
    const held = await HeldGit.make(join(world.folder, 'held'))
    const older = runPlan(world, recovery(world, { from, target }), { fence: 10, path: held.path })
    await held.waits()
    const newer = await runPlan(world, recovery(world, { from, target }), { fence: 11 })
    expect(newer).toMatchObject({ code: 0, out: expect.stringContaining('verify_worktree done'), errors: '' })
    expect(await witness.losses()).toEqual([])
    await held.letGo()
    const refused = await older
    expect(refused.errors).toContain('FENCE_TOO_OLD')
    expect(refused.out).not.toContain('move_branch')
    expect(await git(tree, 'rev-parse', 'HEAD')).toBe(target)
    expect(await git(tree, 'status', '--porcelain', '--untracked-files=no')).toBe('')
    expect(await witness.losses()).toEqual([])
  })
})

function recovery(
  world: RunnerWorld,
  { from, target }: { readonly from: Sha; readonly target: Sha },
): readonly SyncStep[] {
  const prefix = world.prefix()
  return [
    { kind: 'pin', prefix, head: from, target, message: 'Before a sync' },
    { kind: 'verify_pin', prefix },
    { kind: 'reset_tree', prefix, from, target },
    { kind: 'move_branch', branch: BRANCH, from, to: target },
    { kind: 'verify_worktree', head: target },
  ]
}

function witnessOf(world: RunnerWorld): Witness {
  const tree = world.tree()
  const repository = join(tree, '..', 'repo.git')
  const gitDir = join(repository, 'worktrees', 'tree')
  return new Witness({
    origin: world.origin.path,
    mirror: world.mirror,
    worktree: { tree, repository, gitDir, branch: BRANCH },
  })
}

describe("an agent's git beside a sync", () => {
  it(
    'loses no commit, starts over three times at most, and the sync goes on afterwards',
    { timeout: 240_000 },
    async () => {
      const bench = await Workbench.start()
      close = () => bench.close()
      const scene = await playAttempt(bench, 'busy')
      const tree = bench.tree(scene.session.id)
      const repository = join(tree, '..', 'repo.git')
      const places = { tree, repository, gitDir: join(repository, 'worktrees', 'tree'), branch: 'busy' }
      const loop = `i=0; while [ $i -lt ${AGENT_COMMITS} ]; do i=$((i+1)); echo $i > own-$i.txt; git add own-$i.txt && git -c user.name=A -c user.email=a@example.invalid commit -q -m "Own $i"; done`
      const agent = spawn('sh', ['-c', loop], { cwd: tree, stdio: 'ignore' })
      const hasEnded = once(agent, 'close')
      const witness = new Witness({
        origin: bench.repo.git.path,
        mirror: bench.mirror(scene.session.projectId),
        worktree: places,
      })
      for (let round = 0; agent.exitCode === null; round += 1) {
        const before = (await bench.store.list('syncOperations', { sessionId: scene.session.id })).length
        await bench.repo.push({ by: 'alice', branch: 'busy', files: { [`hers-${round}.txt`]: `${round}\n` } })
        await bench.settle()
        const syncs = (await bench.store.list('syncOperations', { sessionId: scene.session.id })).slice(
          before,
        )
        expect(syncs.filter(({ case: name }) => name === 'raced').length).toBeLessThanOrEqual(MOST_TRIES)
        const open = (await bench.decisions(scene.pr)).filter(({ status }) => status === 'pending')
        if (open.length > 0) break
      }
      await hasEnded
      await witness.look('the agent has ended')
      const commits = Number(await git(tree, 'rev-list', '--count', '--no-merges', '--author=A <', 'HEAD'))
      const open = (await bench.decisions(scene.pr)).filter(({ status }) => status === 'pending')
      await bench.say(scene.pr, 'alice', open.length > 0 ? '/continue' : '/belay sync')
      expect(await witness.losses()).toEqual([])
      // A lock of ours may make one of the agent's own commits fail; what it made is there.
      expect(commits).toBeGreaterThan(0)
      for (const name of await git(tree, 'log', '--format=%s', '--author=A <', 'HEAD').then((text) =>
        text.split('\n'),
      )) {
        expect(await git(tree, 'cat-file', '-t', `HEAD:own-${name.slice('Own '.length)}.txt`)).toBe('blob')
      }
      const operations = await bench.store.list('syncOperations', { sessionId: scene.session.id })
      expect(operations.filter(({ state }) => state === 'planned' || state === 'running')).toEqual([])
    },
  )
})
