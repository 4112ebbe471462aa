// The agent's door as an agent meets it: in its environment while it runs, and gone with its end.

import { execFile } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { RunnerReport } from '../../../src/domain/events.ts'
import { SHELL_AGENTS } from '../../support/agents/shell-agents.ts'
import { eventually } from '../../support/eventually.ts'
import type { RunnerWorld, WorldOptions } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

const THREADS = [
  { handle: 't1', id: 'PRRT_one', path: 'src/a.ts', line: 3 },
  { handle: 't2', id: 'PRRT_two', path: 'src/b.ts', line: null },
]
const TASKS = [{ id: 'tie-knot', title: 'Tie the knot' }]

export function describeDoor(start: StartWorld): void {
  const prepared = async (options: WorldOptions = {}): Promise<RunnerWorld> => {
    const world = await start({ agents: SHELL_AGENTS, ...options })
    await world.prepare()
    return world
  }
  const written = (world: RunnerWorld, name: string): Promise<string> =>
    readFile(join(world.tree(), name), 'utf8')
  const asked = (world: RunnerWorld): readonly RunnerReport[] =>
    world.reports.filter(({ kind }) => kind === 'door_request')

  describe('the agent’s door', () => {
    it('reports what the agent asks for before its end, and refuses what was not delivered', async () => {
      const world = await prepared()
      const prompt = [
        'belay-agent reply t1 -m Done. > said',
        'echo "Not needed any more." | belay-agent reply t2',
        'belay-agent resolve t3 2> refused; echo $? >> refused',
      ].join('\n')
      await world.runner.startAttempt(world.attempt({ prompt, runEpoch: 4, threads: THREADS }))
      expect((await world.ended()).exit).toEqual({ kind: 'exited', code: 0 })
      expect(await written(world, 'said')).toBe('Accepted: Belay will post your reply to t1 (src/a.ts:3).\n')
      expect(await written(world, 'refused')).toMatch(/"t3" was not delivered to this attempt[^]*\n1\n$/)
      const subject = {
        kind: 'door_request',
        sessionId: 'rope-1',
        attemptId: 'rope-1.1.implement.1',
        runEpoch: 4,
      }
      expect(asked(world)).toMatchObject([
        { ...subject, request: { verb: 'reply', threadId: 'PRRT_one', text: { body: 'Done.' } } },
        {
          ...subject,
          request: { verb: 'reply', threadId: 'PRRT_two', text: { body: 'Not needed any more.' } },
        },
      ])
      expect(world.reports.at(-1)?.kind).toBe('attempt_ended')
    })

    it('reports marks of delivered tasks, alerts and questions', async () => {
      const world = await prepared()
      const prompt = [
        'belay-agent help > help',
        'belay-agent task tie-knot doing -m "Half of it." > said',
        'belay-agent task other done 2> refused',
        'echo "The rope is short." | belay-agent alert >> said',
        'belay-agent ask -m "Which knot?" --option "A bow" --option "A hitch" >> said',
      ].join('\n')
      await world.runner.startAttempt(world.attempt({ prompt, tasks: TASKS }))
      expect((await world.ended()).exit).toEqual({ kind: 'exited', code: 0 })
      expect(await written(world, 'help')).toContain('Tasks, by id:\n  tie-knot: Tie the knot')
      expect((await written(world, 'said')).match(/^Accepted: /gm)).toHaveLength(3)
      expect(await written(world, 'refused')).toContain('"other" was not delivered to this attempt.')
      expect(asked(world)).toMatchObject([
        { request: { verb: 'task', taskId: 'tie-knot', status: 'doing', note: 'Half of it.' } },
        { request: { verb: 'alert', text: { body: 'The rope is short.' } } },
        { request: { verb: 'ask', text: { body: 'Which knot?' }, choices: ['A bow', 'A hitch'] } },
      ])
    })

    it('opens to a reviewer for alerts only', async () => {
      const world = await prepared()
      const prompt =
        'belay-agent ask -m "May I?" 2> refused; belay-agent alert -m "It does not build." > said'
      await world.runner.startAttempt(world.attempt({ prompt, role: 'reviewer', tasks: TASKS }))
      await world.ended()
      expect(await written(world, 'refused')).toContain('"ask" is not for reviewers')
      expect(asked(world)).toMatchObject([{ request: { verb: 'alert' } }])
    })

    it('works behind a wrapper that keeps nothing of the environment but what the door needs', async () => {
      const keep =
        'for name in PATH BELAY_DOOR BELAY_DOOR_TOKEN_FILE; do eval "v=\\$$name"; set -- "$name=$v" "$@"; done'
      const argv = ['/bin/sh', '-c', `${keep}; exec env -i "$@"`, 'wrapper']
      const world = await prepared({ isolation: { kind: 'wrapper', argv } })
      const prompt = 'env > env.txt; belay-agent resolve t1 > said 2>&1'
      await world.runner.startAttempt(world.attempt({ prompt, threads: THREADS }))
      await world.ended()
      expect(await written(world, 'said')).toContain('Belay will resolve t1')
      expect(await written(world, 'env.txt')).not.toContain('BELAY_SESSION')
      expect(asked(world)).toHaveLength(1)
    })

    it('shows its token in no environment and no argument, and lies outside the worktree', async () => {
      const world = await prepared()
      const prompt = [
        'cat "$BELAY_DOOR_TOKEN_FILE" > token; env > env.txt; echo "$BELAY_DOOR" > place',
        'ls -ld "${BELAY_DOOR%/*}" > mode',
        'sleep 300 | belay-agent reply t2',
      ].join('\n')
      await world.runner.startAttempt(world.attempt({ prompt, threads: THREADS }))
      const list = await eventually(
        async () => {
          const lines = await commandLines()
          return lines.includes('belay-agent.mjs reply t2') ? lines : null
        },
        { what: 'the program to wait for its text' },
      )
      const token = (await written(world, 'token')).trim()
      expect(token).toMatch(/^[\w-]{43}$/)
      expect(list).not.toContain(token)
      expect(await written(world, 'env.txt')).not.toContain(token)
      expect(await written(world, 'mode')).toMatch(/^drwx------/)
      expect((await written(world, 'place')).startsWith(world.tree())).toBe(false)
    })

    it('is closed when the attempt has ended, and the next one has its own with its own threads', async () => {
      const world = await prepared()
      const look = 'echo "$BELAY_DOOR" >> places; cat "$BELAY_DOOR_TOKEN_FILE" >> tokens'
      await world.runner.startAttempt(world.attempt({ prompt: look, threads: THREADS }))
      await world.ended()
      const [place = ''] = (await written(world, 'places')).split('\n')
      await expect(stat(place)).rejects.toThrow('ENOENT')
      await expect(stat(join(place, '..'))).rejects.toThrow('ENOENT')
      const prompt = `${look}; belay-agent reply t1 -m x 2> refused; belay-agent help > help`
      await world.runner.startAttempt(world.attempt({ attemptId: 'second', prompt }))
      await world.ended('second')
      for (const name of ['places', 'tokens']) {
        const lines = (await written(world, name)).trim().split('\n')
        expect(new Set(lines).size).toBe(2)
      }
      expect(await written(world, 'refused')).toContain('None was')
      expect(await written(world, 'help')).not.toContain('belay-agent reply')
      expect(asked(world)).toEqual([])
    })

    it('leaves nothing of an attempt whose agent could not be started', async () => {
      const world = await prepared({ isolation: { kind: 'wrapper', argv: ['/no/such/wrapper'] } })
      await world.runner.startAttempt(world.attempt({ prompt: 'exit 0' }))
      expect((await world.ended()).exit).toMatchObject({ kind: 'spawn_failed' })
      expect(await readdir(join(world.home, 'doors'))).toEqual([])
    })

    it('tells the agent that its request is accepted only when it was stored', async () => {
      const world = await prepared()
      let isRefused = true
      world.runner.onReport((report) =>
        report.kind === 'door_request' && isRefused
          ? Promise.reject(new Error('The database is locked'))
          : Promise.resolve(),
      )
      const prompt = 'belay-agent resolve t1 > said 2>&1 & until [ -e go ]; do sleep 0.02; done; exit 0'
      await world.runner.startAttempt(world.attempt({ prompt, threads: THREADS }))
      await eventually(() => asked(world).length > 0, { what: 'the request to be handed over' })
      isRefused = false
      await eventually(async () => (await written(world, 'said').catch(() => '')).includes('Accepted'), {
        what: 'the answer to the agent',
      })
    })
  })
}

/** What a list of processes shows of everybody. */
async function commandLines(): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-e', '-o', 'args=', '-ww'])
  return stdout
}
