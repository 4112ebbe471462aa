// A worktree belongs to one agent at a time, and from the report of its end on to nobody: what left the agent's process
// group is ended as well, before the end is reported.

import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SHELL_AGENTS } from '../../support/agents/shell-agents.ts'
import { eventually } from '../../support/eventually.ts'
import type { RunnerWorld, WorldOptions } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'
import { isAlive, pidIn, processesIn } from './script-process.ts'

/** Writes its number into `child`, then a line into README.md again and again; in a group and session of its own. */
const ESCAPED = `setsid sh -c 'echo $$ > child; while :; do echo more >> README.md; sleep 0.01; done' >/dev/null 2>&1 & until [ -s child ]; do sleep 0.01; done`

/** Processes that leave the group can only be found where the system tells what others were started with. */
const onLinux = it.runIf(process.platform === 'linux')

/** What still stood in the worktree when each end was reported, looked for at that moment. */
function watchEnds(world: RunnerWorld): readonly (readonly number[])[] {
  const left: (readonly number[])[] = []
  world.runner.onReport(async (report) => {
    if (report.kind === 'attempt_ended') left.push(await processesIn(world.tree()))
  })
  return left
}

export function describeLoneAttempts(start: StartWorld): void {
  const prepared = async (options: WorldOptions = {}): Promise<RunnerWorld> => {
    const world = await start({ agents: SHELL_AGENTS, ...options })
    await world.prepare()
    return world
  }

  describe('attempt_ended', () => {
    onLinux.each([
      ['exits', `${ESCAPED}; exit 0`, { kind: 'exited', code: 0 }],
      ['fails', `${ESCAPED}; exit 3`, { kind: 'exited', code: 3 }],
      ['is killed', `${ESCAPED}; kill -9 $$`, { kind: 'signalled', signal: 'SIGKILL' }],
      ['takes too long', `${ESCAPED}; sleep 300`, { kind: 'timed_out', afterMs: 700 }],
    ])('comes when nothing writes any more, for an agent that %s', async (_how, prompt, exit) => {
      const world = await prepared()
      const left = watchEnds(world)
      await world.runner.startAttempt(world.attempt({ prompt, timeoutMs: 700 }))
      const child = await pidIn(world, 'child')
      expect((await world.ended()).exit).toEqual(exit)
      await eventually(() => left.length === 1, { what: 'the report of the end' })
      expect(left).toEqual([[]])
      expect(isAlive(child)).toBe(false)
      expect((await stat(join(world.tree(), 'README.md'))).size).toBeGreaterThan('A rope\n'.length)
    })

    onLinux('comes so for a stopped agent, and when the runner closes', async () => {
      const world = await prepared()
      const left = watchEnds(world)
      await world.runner.startAttempt(world.attempt({ prompt: `${ESCAPED}; sleep 300` }))
      const one = await pidIn(world, 'child')
      expect(await processesIn(world.tree())).toContain(one)
      await world.runner.stopAttempt({ sessionId: 'rope-1', attemptId: 'rope-1.1.implement.1' })
      expect((await world.ended()).exit).toEqual({ kind: 'stopped' })
      await rm(join(world.tree(), 'child'))
      const second = world.attempt({ attemptId: 'second', prompt: `${ESCAPED}; sleep 300` })
      await world.runner.startAttempt(second)
      await pidIn(world, 'child')
      await world.runner.close()
      expect(left).toEqual([[], []])
    })

    onLinux('comes when a process that makes new ones all the time is gone with all of them', async () => {
      const world = await prepared()
      const left = watchEnds(world)
      const spawner = `setsid sh -c 'for i in $(seq 100); do setsid sh -c "echo x >> made; sleep 5" & sleep 0.01; done' >/dev/null 2>&1 &`
      const prompt = `${spawner} until [ "$(wc -l < made)" -ge 10 ]; do sleep 0.01; done 2>/dev/null; exit 0`
      await world.runner.startAttempt(world.attempt({ prompt }))
      expect((await world.ended()).exit).toEqual({ kind: 'exited', code: 0 })
      await eventually(() => left.length === 1, { what: 'the report of the end' })
      expect(left).toEqual([[]])
    })

    onLinux('leaves alone the agents of other sessions and everything that is no agent’s', async () => {
      const world = await prepared()
      await world.prepare('rope-2')
      const workspace = world.workspace('rope-2')
      const other = world.attempt({ workspace, attemptId: 'other', prompt: 'sleep 300' })
      const { pid } = await world.runner.startAttempt(other)
      await world.runner.startAttempt(world.attempt({ prompt: 'exit 0' }))
      await world.ended()
      expect(isAlive(pid ?? 0)).toBe(true)
    })
  })

  describe('startAttempt in a worktree that is not free', () => {
    it('is refused while another attempt of the session lives, and works after its end', async () => {
      const world = await prepared()
      const first = world.attempt({ prompt: 'echo first >> ran; until [ -e go ]; do sleep 0.02; done' })
      const second = world.attempt({ attemptId: 'second', prompt: 'echo second >> ran', runEpoch: 2 })
      const begun = world.runner.startAttempt(first)
      // While the first is only just beginning, and then while it runs.
      const refusal = { code: 'WORKSPACE_INVALID', details: { session: 'rope-1' } }
      await expect(world.runner.startAttempt(second)).rejects.toMatchObject(refusal)
      await begun
      await expect(world.runner.startAttempt(second)).rejects.toMatchObject(refusal)
      expect(await world.runner.startAttempt(first)).toEqual(await begun)
      await writeFile(join(world.tree(), 'go'), '')
      await world.ended()
      expect((await world.runner.startAttempt(second)).pid).toBeGreaterThan(1)
      expect((await world.ended('second')).exit).toEqual({ kind: 'exited', code: 0 })
      expect(await readFile(join(world.tree(), 'ran'), 'utf8')).toBe('first\nsecond\n')
    })

    it('is free again after an agent that could not be started', async () => {
      const world = await prepared()
      await world.runner.startAttempt(world.attempt({ agent: 'absent' }))
      await world.runner.startAttempt(world.attempt({ attemptId: 'second', prompt: 'exit 0' }))
      expect((await world.ended('second')).exit).toEqual({ kind: 'exited', code: 0 })
    })

    it('does not wait for the report of an end that nobody stores', async () => {
      const world = await prepared()
      let refusals = 0
      world.runner.onReport((report) => {
        if (report.kind !== 'attempt_ended' || report.attemptId === 'second') return Promise.resolve()
        refusals += 1
        return refusals < 3 ? Promise.reject(new Error('The database is locked')) : Promise.resolve()
      })
      await world.runner.startAttempt(world.attempt({ prompt: 'exit 0' }))
      await eventually(() => refusals > 0, { what: 'a report that was not stored' })
      await world.runner.startAttempt(world.attempt({ attemptId: 'second', prompt: 'exit 0' }))
      await world.ended('second')
      await eventually(() => refusals === 3, { what: 'the report to be stored' })
    })

    onLinux.each([
      ['its agent', 'echo $$ > child; until [ -e go ]; do sleep 0.02; done'],
      ['what left its group', `${ESCAPED}; until [ -e go ]; do sleep 0.02; done`],
    ])('ends %s of an attempt that an earlier start of the program left', async (_what, prompt) => {
      const world = await prepared()
      const { pid } = await world.runner.startAttempt(world.attempt({ prompt }))
      const child = await pidIn(world, 'child')
      const next = await world.again()
      const second = world.attempt({ attemptId: 'second', fence: 2, prompt: 'cp README.md seen' })
      const ended = new Promise<void>((resolve) => {
        next.onReport(async (report) => {
          if (report.kind === 'attempt_ended') resolve()
          await Promise.resolve()
        })
      })
      await next.startAttempt(second)
      expect([isAlive(child), isAlive(pid ?? 0)]).toEqual([false, false])
      await ended
      const [seen, now] = await Promise.all(
        ['seen', 'README.md'].map((name) => readFile(join(world.tree(), name), 'utf8')),
      )
      expect(seen).toBe(now)
      await next.close()
    })
  })
}
