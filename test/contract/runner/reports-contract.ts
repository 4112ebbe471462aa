// What a runner tells: reports until they are stored, no words that are not meant for users, and the fence it has seen.

import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { RunnerReport } from '../../../src/domain/events.ts'
import { toSha } from '../../../src/domain/ids.ts'
import { SHELL_AGENTS } from '../../support/agents/shell-agents.ts'
import { eventually } from '../../support/eventually.ts'
import { IDENTITY } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

export function describeReports(start: StartWorld): void {
  describe('a report on a workspace', () => {
    it('is given again until it is stored', async () => {
      const world = await start()
      const tries: RunnerReport[] = []
      world.runner.onReport((report) => {
        tries.push(report)
        return tries.length < 3 ? Promise.reject(new Error('The database is locked')) : Promise.resolve()
      })
      await world.prepare()
      await eventually(() => tries.length === 3, { what: 'the report to be stored' })
      const report = { kind: 'workspace_prepared', sessionId: 'rope-1', pipelineId: 'rope-1.1' }
      expect(tries).toEqual([report, report, report])
    })

    it('gives the reason of an error that users may read', async () => {
      const world = await start()
      await world.prepare()
      await writeFile(join(world.tree(), '.git'), 'gitdir: /elsewhere\n')
      expect(await world.prepare()).toMatchObject({
        kind: 'workspace_failed',
        code: 'WORKSPACE_INVALID',
        reason: 'The workspace of rope-1 can not be used: its git files were changed.',
      })
    })

    it('keeps git’s words and the paths of the machine to the log', async () => {
      const world = await start()
      await world.prepare()
      await writeFile(join(world.mirror, 'HEAD'), 'nothing\n')
      const report = await world.prepare('rope-2')
      expect(report).toMatchObject({
        kind: 'workspace_failed',
        code: expect.stringMatching(/^(?:GIT_FAILED|GITHUB_UNAVAILABLE)$/) as string,
        reason: expect.stringMatching(/^Something went wrong inside Belay\. .* \([A-Z_]+\)$/) as string,
      })
      expect(JSON.stringify(report)).not.toContain(world.folder)
    })

    it('keeps everything of an unknown error to the log', async () => {
      const world = await start()
      await world.prepare()
      await rm(join(world.home, 'mirrors'), { recursive: true })
      await writeFile(join(world.home, 'mirrors'), 'a file where the mirrors were')
      const report = await world.prepare('rope-2')
      expect(report).toMatchObject({ kind: 'workspace_failed', code: 'INTERNAL_ERROR' })
      expect(JSON.stringify(report)).not.toContain(world.folder)
    })
  })

  describe('an order with a smaller fence', () => {
    it('is refused with the fence that was seen, whichever order it is', async () => {
      const world = await start({ agents: SHELL_AGENTS })
      await world.prepare('rope-1', 7)
      const workspace = world.workspace()
      const refusal = { code: 'FENCE_TOO_OLD', details: { session: 'rope-1', fence: 6, seen: 7 } }
      const head = toSha((await world.origin.ref('refs/heads/work')) ?? '')
      const prepare = { workspace, pipelineId: 'rope-1.1', identity: IDENTITY, head, fence: 6 }
      await expect(world.runner.prepare(prepare)).rejects.toMatchObject(refusal)
      const plan = [{ kind: 'remove_stale_locks' }] as const
      await expect(world.execute(plan, 'rope-1', 6)).rejects.toMatchObject(refusal)
      const attempt = world.attempt({ prompt: 'touch ran.txt', fence: 6 })
      await expect(world.runner.startAttempt(attempt)).rejects.toMatchObject(refusal)
      expect(await world.execute(plan, 'rope-1', 8)).toEqual([{ kind: 'done' }])
      const seen = { ...refusal, details: { session: 'rope-1', fence: 7, seen: 8 } }
      await expect(world.execute(plan, 'rope-1', 7)).rejects.toMatchObject(seen)
      expect(world.reports.filter(({ kind }) => kind.startsWith('attempt_'))).toEqual([])
    })
  })
}
