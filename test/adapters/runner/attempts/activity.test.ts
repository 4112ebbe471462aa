// What a watch takes for life at its edges: a clock that jumps, a folder that can not be seen whole, what is no work.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { watchActivity, type Activity } from '../../../../src/adapters/runner/attempts/activity.ts'
import { digestFolder } from '../../../../src/adapters/runner/attempts/folder-digest.ts'
import { computedBetween } from '../../../../src/adapters/runner/attempts/processor-time.ts'
import { eventually } from '../../../support/eventually.ts'
import { makeTempFolder, removeTempFolder, writeFiles } from '../../../support/temp-repo.ts'

const START = 1_790_000_000_000

let folder: string
let idle: ChildProcess
let watch: Activity | null = null

beforeEach(async () => {
  folder = await makeTempFolder()
  idle = spawn('sleep', ['300'], { detached: true, stdio: 'ignore' })
  await once(idle, 'spawn')
})

afterEach(async () => {
  watch?.stop()
  watch = null
  idle.kill('SIGKILL')
  await removeTempFolder(folder)
})

describe('watchActivity', () => {
  it('starts active, and takes no jump of the clock for a silence', async () => {
    let now = START
    let looks = 0
    const silences: number[] = []
    watch = watchActivity({
      group: idle.pid ?? 0,
      mark: 'BELAY_PROMPT_FILE=/nowhere/',
      // Asked once for every look.
      printedBytes: () => {
        looks += 1
        return looks <= 3 ? looks : 3
      },
      tree: folder,
      also: [],
      now: () => now,
      everyMs: 20,
      silenceMs: 60_000,
      onSilence: () => silences.push(looks),
      onError: (error) => {
        throw error
      },
    })
    expect(watch.activeAt()).toBe(START)
    await eventually(() => looks >= 4, { what: 'a look that found nothing new' })
    now = START + 3_600_000
    await eventually(() => silences.length > 0, { what: 'the silence' })
    expect(watch.activeAt()).toBe(START)
    expect(silences[0]).toBeGreaterThanOrEqual(6)
  })

  it('holds nothing against an agent that can not be looked at', async () => {
    const errors: unknown[] = []
    const silences: unknown[] = []
    let now = START
    watch = watchActivity({
      group: idle.pid ?? 0,
      mark: 'BELAY_PROMPT_FILE=/nowhere/',
      printedBytes: () => {
        throw new Error('No such counter')
      },
      tree: folder,
      also: [],
      now: () => (now += 1000),
      everyMs: 10,
      silenceMs: 500,
      onSilence: () => silences.push(now),
      onError: (error) => errors.push(error),
    })
    await eventually(() => errors.length > 5, { what: 'looks that failed' })
    expect(silences).toEqual([])
  })
})

describe('digestFolder', () => {
  it('sees new, changed and removed files, the files beside, and nothing in .git or beyond its limit', async () => {
    const beside = join(folder, 'tree/.git/index')
    const tree = join(folder, 'tree')
    await writeFiles(tree, {
      'a/b/c.txt': 'c',
      'a/d.txt': 'd',
      'e.txt': 'e',
      '.git/index': '1',
      '.git/x': '',
    })
    const look = (most = 100): Promise<string> => digestFolder(tree, { also: [beside], most })
    const seen = [await look()]
    const after = async (change: Promise<unknown>): Promise<void> => {
      await change
      seen.push(await look())
    }
    expect(await look()).toBe(seen[0])
    await after(writeFile(join(tree, 'a/b/c.txt'), 'longer'))
    await after(utimes(join(tree, 'a/d.txt'), 1, 1))
    await after(writeFiles(tree, { 'a/new.txt': '' }))
    await after(rm(join(tree, 'a/d.txt')))
    await after(writeFile(beside, '22'))
    expect(new Set(seen).size).toBe(seen.length)
    await writeFile(join(tree, '.git/x'), 'work of git')
    expect(await look()).toBe(seen.at(-1))
    // `a` and `e.txt` are two, and what is in `a` comes after them.
    const near = await look(2)
    await writeFile(join(tree, 'a/b/c.txt'), 'beyond')
    expect(await look(2)).toBe(near)
    await writeFile(join(tree, 'e.txt'), 'changed')
    expect(await look(2)).not.toBe(near)
  })
})

describe('computedBetween', () => {
  it('adds what each process computed, and counts a new one whole', () => {
    const before = new Map([
      ['1', 100],
      ['2', 50],
    ])
    expect(computedBetween(before, new Map([['1', 130]]))).toBe(30)
    expect(computedBetween(before, new Map([['2', 40]]))).toBe(0)
    expect(computedBetween(before, new Map([...before, ['3', 20]]))).toBe(20)
    expect(computedBetween(before, new Map())).toBe(0)
  })
})
