// Attempts: what an agent sees, how it ends, and that nothing of it is left behind.

import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SHELL_AGENTS } from '../../support/agents/shell-agents.ts'
import { eventually } from '../../support/eventually.ts'
import { writeFiles } from '../../support/temp-repo.ts'
import type { RunnerWorld, WorldOptions } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'
import { gone, isAlive, pidIn } from './script-process.ts'

export function describeAttempts(start: StartWorld): void {
  const prepared = async (options: WorldOptions = {}): Promise<RunnerWorld> => {
    const world = await start({ agents: SHELL_AGENTS, ...options })
    await world.prepare()
    return world
  }

  describe('startAttempt', () => {
    it.each(['scripted', 'by-stdin', 'by-file'])('runs %s in the worktree with its prompt', async (agent) => {
      const world = await prepared()
      const prompt = 'pwd > where.txt; cat "$BELAY_PROMPT_FILE" > prompt.txt; echo done\n'
      const { pid } = await world.runner.startAttempt(world.attempt({ agent, prompt }))
      expect(pid).toBeGreaterThan(1)
      expect((await world.ended()).exit).toEqual({ kind: 'exited', code: 0 })
      expect(await readFile(join(world.tree(), 'where.txt'), 'utf8')).toBe(`${world.tree()}\n`)
      expect(await readFile(join(world.tree(), 'prompt.txt'), 'utf8')).toBe(prompt)
      const log = join(world.home, 'sessions/rope-1/attempts/rope-1.1.implement.1/log')
      expect(await readFile(log, 'utf8')).toBe('done\n')
    })

    it('shows the agent the variables of the contract and nothing else of the host', async () => {
      const host = {
        PATH: process.env['PATH'],
        LANG: 'de_DE.UTF-8',
        MY_AGENT_KEY: 'key',
        GITHUB_TOKEN: 'secret',
        HOME: '/root',
      }
      const world = await prepared({ host })
      const prompt = 'env > env.txt'
      await world.runner.startAttempt(
        world.attempt({ agent: 'keyed', prompt, role: 'reviewer', phase: 'review' }),
      )
      await world.ended()
      const lines = (await readFile(join(world.tree(), 'env.txt'), 'utf8')).trim().split('\n')
      const seen = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))
      const folder = join(world.home, 'sessions/rope-1')
      expect(seen).toMatchObject({
        LANG: 'de_DE.UTF-8',
        TERM: 'dumb',
        HOME: join(folder, 'home'),
        MY_AGENT_KEY: 'key',
        BELAY_SESSION: 'rope-1',
        BELAY_PROJECT: 'rope',
        BELAY_PR: '7',
        BELAY_PHASE: 'review',
        BELAY_ROLE: 'reviewer',
        BELAY_ATTEMPT: 'rope-1.1.implement.1',
        BELAY_PROMPT_FILE: join(folder, 'attempts/rope-1.1.implement.1/prompt.md'),
      })
      const shells = ['PWD', 'OLDPWD', 'SHLVL', '_']
      const allowed = ['PATH', 'LANG', 'TERM', 'HOME', 'MY_AGENT_KEY', ...shells]
      expect(
        Object.keys(seen).filter((name) => !name.startsWith('BELAY_') && !allowed.includes(name)),
      ).toEqual([])
    })

    it('copies the operator’s files into the agent’s home, through no link an agent planted there', async () => {
      const world = await prepared()
      await writeFiles(join(world.folder, 'operator'), { '.my-agent/login.json': '{"token":"t"}' })
      const outside = join(world.folder, 'outside')
      await mkdir(outside)
      const home = join(world.home, 'sessions/rope-1/home')
      await mkdir(home, { recursive: true })
      await symlink(outside, join(home, '.my-agent'))
      const prompt = 'cat "$HOME/.my-agent/login.json" > copy.txt'
      await world.runner.startAttempt(world.attempt({ agent: 'keyed', prompt }))
      expect((await world.ended()).exit).toEqual({ kind: 'exited', code: 0 })
      expect(await readFile(join(world.tree(), 'copy.txt'), 'utf8')).toBe('{"token":"t"}')
      await expect(stat(join(outside, 'login.json'))).rejects.toThrow('ENOENT')
    })

    it.each([
      ['exit 3', { kind: 'exited', code: 3 }],
      ['kill -9 $$', { kind: 'signalled', signal: 'SIGKILL' }],
    ])('reports the end of `%s`, exactly once, with the epoch', async (prompt, exit) => {
      const world = await prepared()
      await world.runner.startAttempt(world.attempt({ prompt, runEpoch: 4 }))
      await world.ended()
      await world.runner.close()
      expect(world.reports.filter(({ kind }) => kind === 'attempt_ended')).toEqual([
        {
          kind: 'attempt_ended',
          sessionId: 'rope-1',
          attemptId: 'rope-1.1.implement.1',
          runEpoch: 4,
          exit,
          verdict: null,
        },
      ])
    })

    it('sends heartbeats while the agent works and none after its end', async () => {
      const world = await prepared()
      await world.runner.startAttempt(world.attempt({ prompt: 'until [ -e go ]; do sleep 0.02; done' }))
      const beats = (): number => world.reports.filter(({ kind }) => kind === 'attempt_heartbeat').length
      await eventually(() => beats() >= 2, { what: 'two heartbeats' })
      await writeFile(join(world.tree(), 'go'), '')
      await world.ended()
      expect(world.reports.at(-1)?.kind).toBe('attempt_ended')
    })

    it('ends an agent that takes too long, with everything it started, even if it does not listen', async () => {
      const world = await prepared()
      const prompt = `trap '' TERM; sh -c 'trap "" TERM; echo $$ > child; while :; do sleep 0.05; done' & while :; do sleep 0.05; done`
      await world.runner.startAttempt(world.attempt({ prompt, timeoutMs: 400 }))
      const child = await pidIn(world, 'child')
      expect((await world.ended()).exit).toEqual({ kind: 'timed_out', afterMs: 400 })
      await gone(child)
    })

    it('ends what an agent left running in the background', async () => {
      const world = await prepared()
      await world.runner.startAttempt(
        world.attempt({ prompt: '(echo $$ ; exec sleep 300) & sh -c "echo \\$PPID" > me; echo $! > child' }),
      )
      const child = await pidIn(world, 'child')
      expect((await world.ended()).exit).toEqual({ kind: 'exited', code: 0 })
      await gone(child)
    })

    it('starts one process for one attempt, however often it is asked to', async () => {
      const world = await prepared()
      const order = world.attempt({ prompt: 'echo x >> starts; until [ -e go ]; do sleep 0.02; done' })
      const [one, two] = await Promise.all([
        world.runner.startAttempt(order),
        world.runner.startAttempt(order),
      ])
      expect(two).toEqual(one)
      expect(await world.runner.startAttempt(order)).toEqual(one)
      await writeFile(join(world.tree(), 'go'), '')
      await world.ended()
      expect(await readFile(join(world.tree(), 'starts'), 'utf8')).toBe('x\n')
    })

    it('starts no second process for an attempt of an earlier start of the program', async () => {
      const world = await prepared()
      const order = world.attempt({ prompt: 'echo x >> starts' })
      await world.runner.startAttempt(order)
      await world.ended()
      const next = await world.again()
      const ends: unknown[] = []
      next.onReport(async (report) => {
        if (report.kind === 'attempt_ended') ends.push(report.exit)
        await Promise.resolve()
      })
      expect(await next.startAttempt(order)).toEqual({ pid: null })
      await eventually(() => ends.length > 0, { what: 'the report of the lost attempt' })
      expect(ends).toEqual([{ kind: 'lost' }])
      await next.close()
      expect(await readFile(join(world.tree(), 'starts'), 'utf8')).toBe('x\n')
    })

    it('reports an agent that can not be started', async () => {
      const world = await prepared()
      expect(await world.runner.startAttempt(world.attempt({ agent: 'absent' }))).toEqual({ pid: null })
      expect((await world.ended()).exit).toMatchObject({ kind: 'spawn_failed' })
    })

    it('puts the wrapper before the agent’s own words', async () => {
      const isolation = { kind: 'wrapper', argv: ['/usr/bin/env', 'WRAPPED=yes'] } as const
      const world = await prepared({ isolation })
      await world.runner.startAttempt(world.attempt({ prompt: 'echo "$WRAPPED" > wrapped.txt' }))
      await world.ended()
      expect(await readFile(join(world.tree(), 'wrapped.txt'), 'utf8')).toBe('yes\n')
    })

    it('runs nothing while isolation is not set', async () => {
      const world = await prepared({ isolation: { kind: 'unset' } })
      await world.runner.startAttempt(world.attempt({ prompt: 'touch ran.txt' }))
      expect((await world.ended()).exit).toMatchObject({ kind: 'spawn_failed' })
      await expect(stat(join(world.tree(), 'ran.txt'))).rejects.toThrow('ENOENT')
    })
  })

  describe('stopAttempt and close', () => {
    it('ends the whole group and reports it as stopped', async () => {
      const world = await prepared()
      await world.runner.startAttempt(world.attempt({ prompt: 'sleep 300 & echo $! > child; wait' }))
      const child = await pidIn(world, 'child')
      await world.runner.stopAttempt({ sessionId: 'rope-1', attemptId: 'rope-1.1.implement.1' })
      expect((await world.ended()).exit).toEqual({ kind: 'stopped' })
      await gone(child)
      await world.runner.stopAttempt({ sessionId: 'rope-1', attemptId: 'no-such-attempt' })
    })

    it('ends every agent when the runner closes, and takes no order after', async () => {
      const world = await prepared()
      const { pid } = await world.runner.startAttempt(world.attempt({ prompt: 'sleep 300' }))
      await world.runner.close()
      expect((await world.ended()).exit).toEqual({ kind: 'stopped' })
      await gone(pid ?? 0)
      await expect(world.runner.startAttempt(world.attempt({ attemptId: 'later' }))).rejects.toThrow()
    })
  })

  describe('reapAttempt', () => {
    const name = { sessionId: 'rope-1', attemptId: 'rope-1.1.implement.1' }

    it('ends what an earlier start of the program left, children without their parent too', async () => {
      const world = await prepared()
      const prompt = `sh -c 'trap "" TERM; echo $$ > child; while :; do sleep 0.05; done' & echo $$ > leader; wait`
      await world.runner.startAttempt(world.attempt({ prompt }))
      const [leader, child] = [await pidIn(world, 'leader'), await pidIn(world, 'child')]
      const next = await world.again()
      expect(await next.reapAttempt(name)).toEqual({ kind: 'reaped' })
      await Promise.all([gone(leader), gone(child)])
      expect(await next.reapAttempt(name)).toEqual({ kind: 'gone' })
      await next.close()
    })

    it('leaves alone what this runner watches itself', async () => {
      const world = await prepared()
      const { pid } = await world.runner.startAttempt(world.attempt({ prompt: 'sleep 300' }))
      expect(await world.runner.reapAttempt(name)).toEqual({ kind: 'watched' })
      expect(isAlive(pid ?? 0)).toBe(true)
    })

    it('never ends a stranger that got the same process id', async () => {
      const world = await prepared()
      const { pid } = await world.runner.startAttempt(world.attempt({ prompt: 'exit 0' }))
      await world.ended()
      const file = join(world.home, 'sessions/rope-1/attempts/rope-1.1.implement.1/pid.json')
      const stranger = await world.runner.startAttempt(
        world.attempt({ attemptId: 'stranger', prompt: 'sleep 300' }),
      )
      const text = await readFile(file, 'utf8')
      await writeFile(file, text.replace(String(pid), String(stranger.pid)))
      const next = await world.again()
      expect(await next.reapAttempt(name)).toEqual({ kind: 'gone' })
      expect(isAlive(stranger.pid ?? 0)).toBe(true)
      await next.close()
    })
  })

  describe('checkAgent', () => {
    it('knows the operator’s agents and the built-in ones', async () => {
      const world = await start({ agents: SHELL_AGENTS })
      const { runner } = world
      expect(await runner.checkAgent(null)).toEqual({ kind: 'found', agent: 'scripted' })
      expect(await runner.checkAgent('by-stdin')).toEqual({ kind: 'found', agent: 'by-stdin' })
      expect(await runner.checkAgent('absent')).toEqual({
        kind: 'binary_not_found',
        agent: 'absent',
        binary: 'no-such-agent-anywhere',
      })
      const unknown = await runner.checkAgent('nobody')
      if (unknown.kind !== 'unknown_agent') throw new Error(unknown.kind)
      expect(unknown.known.slice(0, 2)).toEqual(['scripted', 'by-stdin'])
      expect(unknown.known).toContain('claude-code')
    })

    it('refuses every agent without a decision about isolation', async () => {
      const unset = await start({ agents: SHELL_AGENTS, isolation: { kind: 'unset' } })
      expect(await unset.runner.checkAgent('scripted')).toEqual({
        kind: 'isolation_refused',
        reason: 'unset',
      })
      const bubblewrap = await start({ agents: SHELL_AGENTS, isolation: { kind: 'bubblewrap' } })
      const refused = { kind: 'isolation_refused', reason: 'not_available_yet' }
      expect(await bubblewrap.runner.checkAgent('scripted')).toEqual(refused)
    })
  })

  describe('readFile', () => {
    it('reads a file of the worktree and nothing beyond it', async () => {
      const world = await prepared()
      const { tree, runner } = { tree: world.tree(), runner: world.runner }
      const read = (path: string, maxBytes = 100): Promise<string | null> =>
        runner.readFile({ workspace: world.workspace(), path, maxBytes })
      await writeFile(join(world.folder, 'secret.txt'), 'secret')
      await symlink(join(world.folder, 'secret.txt'), join(tree, 'link.txt'))
      await symlink(world.folder, join(tree, 'door'))
      expect(await read('README.md')).toBe('A rope\n')
      expect(await read('README.md', 3)).toBeNull()
      expect(await read('src')).toBeNull()
      expect(await read('nothing.md')).toBeNull()
      expect(await read('link.txt')).toBeNull()
      expect(await read('door/secret.txt')).toBeNull()
      expect(await read('../../../../secret.txt')).toBeNull()
      expect(await read(join(world.folder, 'secret.txt'))).toBeNull()
      expect(await read('.git')).toBeNull()
    })
  })
}
