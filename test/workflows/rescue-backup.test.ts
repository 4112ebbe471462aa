// `/belay rescue` of a pin that no question asks about: the newest or a named one, commits alone or with what lay
// uncommitted, by command and through the other doors.

import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backup } from '../../src/domain/records.ts'
import type { RescueReply, SubmittedRescue } from '../../src/ports/rescues.ts'
import { submitRescue } from '../../src/workflows/submit-rescue.ts'
import type { Act } from '../support/agents/story.ts'
import { git } from '../support/temp-repo.ts'
import {
  playAttempt,
  playUntilReset,
  reactionsOf,
  repliesTo,
  statusOf,
  type Scene,
} from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

/** Commits something, leaves more lying about, and fails: all of it is pinned and nothing of it is pushed. */
const FAIL: readonly Act[] = [
  { do: 'write', path: 'knot.txt', text: 'tied\n' },
  { do: 'commit', paths: ['knot.txt'], message: 'Tie the knot' },
  { do: 'write', path: 'note.txt', text: 'uncommitted\n' },
  { do: 'write', path: '.env', text: 'PASSWORD=hunter2\n' },
  { do: 'exit', code: 1 },
]

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

interface FailedScene extends Scene {
  readonly pin: Backup
  readonly branch: (number: number) => string
}

async function failed(name: string): Promise<FailedScene> {
  const scene = await playAttempt(bench, name, [FAIL])
  const [pin] = await bench.store.list('backups', { sessionId: scene.session.id })
  if (pin === undefined) throw new Error('Nothing was pinned')
  return { ...scene, pin, branch: (number) => `belay/rescue/${scene.session.id}-${number}` }
}

/** Returns where every rescue branch of a session is. */
async function branchesOf({ session }: Scene): Promise<Readonly<Record<string, string>>> {
  const refs = [...(await bench.repo.git.refs())]
  const prefix = `refs/heads/belay/rescue/${session.id}-`
  return Object.fromEntries(
    refs
      .filter(([ref]) => ref.startsWith(prefix))
      .map(([ref, sha]) => [ref.slice('refs/heads/'.length), sha]),
  )
}

function submit(rescue: Partial<SubmittedRescue> & { readonly backupId: string }): Promise<RescueReply> {
  const submitted = { content: 'commits', branch: null, actor: 'api', via: 'rest', ...rescue } as const
  return submitRescue(bench.deps, submitted, {
    dueAt: bench.clock.now(),
    waitUntil: async (condition) => {
      await bench.settle()
      return condition()
    },
  })
}

describe('/belay rescue', () => {
  it('takes the newest pin where no question is open, and names the same branch when asked again', async () => {
    const scene = await failed('newest')
    const { pr, pin, branch } = scene
    const comment = await bench.say(pr, 'alice', '/belay rescue')
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
    expect(await branchesOf(scene)).toEqual({ [branch(1)]: pin.head })
    expect(repliesTo(comment)[0]).toContain(`on the branch \`${branch(1)}\``)
    expect(repliesTo(comment)[0]).toContain(`/compare/newest...${encodeURIComponent(branch(1))}`)
    expect(statusOf(pr)).toContain(branch(1))
    const again = await bench.say(pr, 'carol', `/belay rescue ${pin.prefix}/head`)
    expect(repliesTo(again)[0]).toContain(`\`${branch(1)}\``)
    expect(await branchesOf(scene)).toEqual({ [branch(1)]: pin.head })
    expect(
      await bench.store.list('auditLog', {
        action: 'rescue_backup',
        target: `${scene.session.id}/${pin.id}`,
      }),
    ).toMatchObject([
      { actor: 'alice', via: 'command', details: { outcome: 'put', branch: branch(1), content: 'commits' } },
      { actor: 'carol', via: 'command', details: { outcome: 'put', branch: branch(1), content: 'commits' } },
    ])
  })

  it('puts uncommitted files on a branch of their own only when asked, without secrets, and names those', async () => {
    const scene = await failed('dirty')
    const { pr, pin, branch } = scene
    await bench.say(pr, 'alice', `/belay rescue ${pin.id}`)
    const comment = await bench.say(pr, 'alice', `/belay rescue ${pin.id} --dirty`)
    const made = await branchesOf(scene)
    expect(Object.keys(made)).toEqual([branch(1), branch(2)])
    expect(made[branch(1)]).toBe(pin.head)
    const { path } = bench.repo.git
    expect(await git(path, 'rev-parse', `${branch(2)}^1`)).toBe(pin.head)
    expect(await git(path, 'diff', '--name-only', pin.head, branch(2))).toBe('note.txt')
    expect(await git(path, 'log', '--all', '-p', '--format=', '-m')).not.toContain('hunter2')
    expect(repliesTo(comment)[0]).toContain(`on the branch \`${branch(2)}\``)
    expect(repliesTo(comment)[0]).toContain('Not pushed, because it looks like a secret: `.env`.')
    const again = await bench.say(pr, 'alice', '/belay rescue --dirty')
    expect(repliesTo(again)[0]).toContain(`\`${branch(2)}\``)
    expect(await branchesOf(scene)).toEqual(made)
  })

  it('still works after the session was stopped', async () => {
    const scene = await failed('stopped')
    await bench.say(scene.pr, 'alice', '/belay stop')
    const comment = await bench.say(scene.pr, 'alice', '/belay rescue')
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
    expect(Object.keys(await branchesOf(scene))).toHaveLength(1)
  })

  it('says what is pinned when the name is unknown, and pushes nothing', async () => {
    const scene = await failed('unknown')
    const comment = await bench.say(scene.pr, 'alice', '/belay rescue 1-nope')
    expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
    expect(repliesTo(comment)[0]).toContain(`/belay rescue ${scene.pin.id}`)
    const other = await failed('another')
    const foreign = await bench.say(scene.pr, 'alice', `/belay rescue ${other.pin.id}`)
    expect(reactionsOf(foreign)).toEqual(['eyes', 'confused'])
    expect(await branchesOf(scene)).toEqual({})
    expect(await branchesOf(other)).toEqual({})
  })

  it('is not for people who may not push', async () => {
    const scene = await failed('forbidden')
    const comment = await bench.say(scene.pr, 'dave', `/belay rescue ${scene.pin.id} --dirty`)
    expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
    expect(await branchesOf(scene)).toEqual({})
  })

  it('never uses a name twice that somebody has', async () => {
    const scene = await failed('taken')
    const main = await bench.repo.git.resolve('refs/heads/main')
    await git(bench.repo.git.path, 'update-ref', `refs/heads/${scene.branch(1)}`, main ?? '')
    await bench.say(scene.pr, 'alice', '/belay rescue')
    expect(await branchesOf(scene)).toEqual({ [scene.branch(1)]: main, [scene.branch(2)]: scene.pin.head })
  })

  it('leaves a rescue branch alone that somebody moved', async () => {
    const scene = await failed('moved')
    await bench.say(scene.pr, 'alice', '/belay rescue')
    const main = await bench.repo.git.resolve('refs/heads/main')
    await git(bench.repo.git.path, 'update-ref', `refs/heads/${scene.branch(1)}`, main ?? '')
    const comment = await bench.say(scene.pr, 'alice', '/belay rescue')
    expect(repliesTo(comment)[0]).toContain('somebody moved that branch since')
    expect(await branchesOf(scene)).toEqual({ [scene.branch(1)]: main })
  })

  it('names a damaged pin, raises one alert, and pushes nothing', async () => {
    const scene = await failed('damaged')
    await git(bench.mirror(scene.session.projectId), 'update-ref', '-d', `${scene.pin.prefix}/index`)
    const comment = await bench.say(scene.pr, 'alice', '/belay rescue')
    await bench.say(scene.pr, 'alice', '/belay rescue')
    expect(repliesTo(comment)[0]).toContain('could not be read back whole')
    expect(await branchesOf(scene)).toEqual({})
    const alerts = await bench.store.list('alerts', { code: 'backup_damaged', sessionId: scene.session.id })
    expect(alerts).toMatchObject([{ details: { backup: scene.pin.id } }])
  })

  it('finishes when it was killed between the push and the row', async () => {
    const scene = await failed('killed')
    bench.watch.hook = (moment, { order }) => {
      if (moment === 'after' && order === 'push_rescue') throw bench.kill()
    }
    const comment = await bench.say(scene.pr, 'alice', `/belay rescue ${scene.pin.id} --dirty`)
    const made = await branchesOf(scene)
    expect(Object.keys(made)).toEqual([scene.branch(1)])
    await bench.reboot()
    await bench.settle()
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
    expect(await branchesOf(scene)).toEqual(made)
  })
})

describe('/belay rescue --dirty beside an open question', () => {
  it('takes the pin of the question, finds nothing uncommitted in it, and leaves the question open', async () => {
    const { pr, question, session } = await playUntilReset(bench, 'asked')
    const comment = await bench.say(pr, 'alice', '/belay rescue --dirty')
    // Everything was committed, so nothing is there that could be pushed.
    expect(repliesTo(comment)[0]).toContain('holds no uncommitted files')
    expect(await bench.question(pr)).toEqual(question)
    expect(await branchesOf({ pr, session })).toEqual({})
  })
})

describe('submitRescue', () => {
  it('says what came of it, and stores who asked', async () => {
    const scene = await failed('submitted')
    const { pin, branch, session } = scene
    const base = `${bench.github.url}/acme/rope/compare/submitted...`
    const first = await submit({ backupId: pin.id })
    expect(first).toEqual({
      kind: 'rescued',
      branch: branch(1),
      head: pin.head,
      compareUrl: `${base}${encodeURIComponent(branch(1))}`,
      leftOut: [],
    })
    expect(await submit({ backupId: pin.id })).toEqual(first)
    expect(await submit({ backupId: pin.id, content: 'dirty' })).toMatchObject({
      kind: 'rescued',
      branch: branch(2),
      leftOut: ['.env'],
    })
    const named = await submit({ backupId: pin.id, branch: 'rescue/monday', via: 'cli', actor: 'demo' })
    expect(named).toMatchObject({ kind: 'rescued', branch: 'rescue/monday', head: pin.head })
    expect(await bench.store.find('backups', { id: pin.id })).toMatchObject({
      rescueBranch: branch(1),
      dirtyRescueBranch: branch(2),
    })
    const audit = await bench.store.list('auditLog', { target: `${session.id}/${pin.id}`, actor: 'demo' })
    expect(audit).toMatchObject([{ via: 'cli', details: { branch: 'rescue/monday' } }])
    // Nobody wrote a comment, so nobody is answered with one.
    expect(scene.pr.comments.filter(({ body }) => body.includes('The pinned commits are'))).toEqual([])
  })

  it('refuses a branch that exists, a pin that does not, and work that is not there', async () => {
    const { pin } = await failed('refusals')
    expect(await submit({ backupId: pin.id, branch: 'main' })).toMatchObject({
      kind: 'refused',
      branch: 'main',
      refusal: 'non_fast_forward',
    })
    expect(await submit({ backupId: 'nope' })).toEqual({ kind: 'backup_not_found' })
  })

  it('is withdrawn, not done, when only a process that ended may do it', async () => {
    const scene = await failed('left')
    const submitted = {
      backupId: scene.pin.id,
      content: 'dirty',
      branch: null,
      actor: 'operator',
      via: 'cli',
    } as const
    const dueAt = bench.clock.now()
    const killed = { dueAt, onlyBoot: 'ended', waitUntil: () => Promise.resolve(false) }
    expect(await submitRescue(bench.deps, submitted, killed)).toEqual({ kind: 'queued' })
    await bench.settle()
    const target = `${scene.session.id}/${scene.pin.id}`
    expect(await bench.store.list('auditLog', { target })).toMatchObject([
      { actor: 'operator', via: 'cli', details: { content: 'dirty', outcome: 'withdrawn' } },
    ])
    const waiting = {
      ...killed,
      waitUntil: async (condition: () => Promise<boolean>) => {
        await bench.settle()
        return condition()
      },
    }
    await expect(submitRescue(bench.deps, submitted, waiting)).rejects.toMatchObject({
      code: 'RESCUE_WITHDRAWN',
      details: { backup: scene.pin.id, reason: 'the process that was asked for it ended' },
    })
    expect(await branchesOf(scene)).toEqual({})
    const mine = { ...waiting, onlyBoot: bench.deps.settings.bootId }
    expect(await submitRescue(bench.deps, submitted, mine)).toMatchObject({ kind: 'rescued' })
    expect(Object.keys(await branchesOf(scene))).toEqual([scene.branch(1)])
  })

  it('is queued when its lane is busy', async () => {
    const { pin } = await failed('busy')
    const submitted = {
      backupId: pin.id,
      content: 'commits',
      branch: null,
      actor: 'api',
      via: 'rest',
    } as const
    const never = { dueAt: bench.clock.now(), waitUntil: () => Promise.resolve(false) }
    expect(await submitRescue(bench.deps, submitted, never)).toEqual({ kind: 'queued' })
    await bench.settle()
    expect(await bench.store.find('backups', { id: pin.id })).toMatchObject({
      rescueBranch: expect.any(String),
    })
  })
})
