// Pushed copies of pins: gone thirty days after their question was closed, and kept whenever anything does not fit.

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Backup } from '../../src/domain/records.ts'
import { sweepBackups } from '../../src/workflows/expire-backups.ts'
import { git } from '../support/temp-repo.ts'
import { playUntilReset, questionTexts, type QuestionScene } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

const DAY_MS = 24 * 60 * 60 * 1000

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterAll(() => bench?.close())

interface PushedScene extends QuestionScene {
  readonly pin: Backup
  readonly ref: string
}

/** A question whose pin is on the remote, answered with abort. */
async function closed(branch: string): Promise<PushedScene> {
  const scene = await playUntilReset(bench, branch)
  const [note] = scene.question.details.pins
  const pin = await bench.store.find('backups', {
    sessionId: scene.session.id,
    prefix: note?.prefix ?? ('' as Backup['prefix']),
  })
  if (pin?.push !== 'pushed') throw new Error('The pin was not pushed')
  const ref = `${pin.prefix}/head`
  expect(await bench.repo.git.resolve(ref)).toBe(pin.head)
  return { ...scene, pin, ref }
}

/** Looks as the program does once a day; the clock stands still between two calls. */
async function sweep(): Promise<number> {
  const due = await sweepBackups(bench.deps)
  await bench.settle()
  return due
}

async function pushOf({ pin }: PushedScene): Promise<string | undefined> {
  return (await bench.store.find('backups', { id: pin.id }))?.push
}

function kept({ pin }: PushedScene): number {
  return bench.log.lines.filter(
    ({ message, fields }) => message === 'pushed_pin_kept' && fields['backup'] === pin.id,
  ).length
}

describe('expireBackup', () => {
  it('keeps a copy for thirty days after the answer, and deletes it then', async () => {
    const scene = await closed('expiring')
    const waiting = await playUntilReset(bench, 'waiting')
    await bench.say(scene.pr, 'alice', '/abort')
    bench.clock.advance(29 * DAY_MS)
    expect(await sweep()).toBe(0)
    expect(await bench.repo.git.resolve(scene.ref)).toBe(scene.pin.head)
    bench.clock.advance(2 * DAY_MS)
    expect(await sweep()).toBe(1)
    expect(await bench.repo.git.resolve(scene.ref)).toBeUndefined()
    expect(await pushOf(scene)).toBe('expired')
    // The local pin is whole, and the question says where it is now.
    const mirror = bench.mirror(scene.session.projectId)
    expect(await git(mirror, 'rev-parse', scene.ref)).toBe(scene.pin.head)
    expect(questionTexts(scene.pr)[0]).toContain('the copy on GitHub was deleted')
    expect(questionTexts(scene.pr)[0]).not.toContain('git fetch origin')
    expect(await sweep()).toBe(0)
    // An open question keeps its copy, however old it is.
    const prefix = waiting.question.details.pins[0]?.prefix
    expect(await bench.repo.git.resolve(`${prefix}/head`)).toBeDefined()
  })

  it('keeps and logs a copy that somebody moved', async () => {
    const scene = await closed('moved-copy')
    await bench.say(scene.pr, 'alice', '/abort')
    const main = (await bench.repo.git.resolve('refs/heads/main')) ?? ''
    await git(bench.repo.git.path, 'update-ref', scene.ref, main)
    bench.clock.advance(31 * DAY_MS)
    expect(await sweep()).toBe(1)
    expect(await bench.repo.git.resolve(scene.ref)).toBe(main)
    expect(await pushOf(scene)).toBe('pushed')
    expect(kept(scene)).toBe(1)
    // Looked at again on another day, not all the time.
    await sweep()
    expect(kept(scene)).toBe(1)
    bench.clock.advance(DAY_MS)
    await sweep()
    expect(kept(scene)).toBe(2)
    await git(bench.repo.git.path, 'update-ref', '-d', scene.ref)
    bench.clock.advance(DAY_MS)
    await sweep()
    expect(await pushOf(scene)).toBe('expired')
  })

  it('keeps the copy of a damaged pin and raises one alert', async () => {
    const scene = await closed('damaged-pin')
    await bench.say(scene.pr, 'alice', '/abort')
    const mirror = bench.mirror(scene.session.projectId)
    await rm(join(mirror, ...`refs/belay/backup/${scene.session.id}/${scene.pin.id}/worktree`.split('/')))
    bench.clock.advance(31 * DAY_MS)
    await sweep()
    bench.clock.advance(DAY_MS)
    await sweep()
    expect(await bench.repo.git.resolve(scene.ref)).toBe(scene.pin.head)
    expect(await pushOf(scene)).toBe('pushed')
    expect(kept(scene)).toBe(2)
    expect(await bench.store.list('alerts', { code: 'backup_damaged' })).toMatchObject([
      { sessionId: scene.session.id, details: { backup: scene.pin.id } },
    ])
  })

  it('counts a question of a stopped session from its end', async () => {
    const scene = await closed('stopped-session')
    bench.clock.advance(60 * DAY_MS)
    expect(await pushOf(scene)).toBe('pushed')
    await bench.say(scene.pr, 'alice', '/belay stop')
    bench.clock.advance(29 * DAY_MS)
    await sweep()
    expect(await pushOf(scene)).toBe('pushed')
    bench.clock.advance(2 * DAY_MS)
    await sweep()
    expect(await pushOf(scene)).toBe('expired')
    expect(await bench.repo.git.resolve(scene.ref)).toBeUndefined()
  })
})
