// Every refusal that comes as words of the remote's hook: real pushes to a real remote, GitHub's words, our name for it,
// and a text that helps. What comes as an HTTP status is in test/adapters/runner/push-over-http.test.ts.

import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toSha, type Sha } from '../../../src/domain/ids.ts'
import type { SyncStep } from '../../../src/domain/sync/step.ts'
import { isPushRefusal, pushRefusalText } from '../../../src/domain/text/push-result-text.ts'
import { REFUSALS } from '../../support/push-refusals.ts'
import { git, writeFiles } from '../../support/temp-repo.ts'
import { BRANCH, type RunnerWorld } from '../../support/runner-world.ts'
import type { StartWorld } from './runner-contract.ts'

async function ahead(start: StartWorld): Promise<{ world: RunnerWorld; before: Sha; step: SyncStep }> {
  const world = await start()
  await world.prepare()
  const before = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  await writeFiles(world.tree(), { 'src/knot.txt': 'ours\n' })
  await git(world.tree(), 'commit', '--quiet', '--all', '--message=Ours')
  const head = toSha(await git(world.tree(), 'rev-parse', 'HEAD'))
  return { world, before, step: { kind: 'push_branch', branch: BRANCH, head, expected: before } }
}

/** Puts a hook into the origin. */
async function hook(world: RunnerWorld, name: string, script: string): Promise<void> {
  const file = join(world.origin.path, 'hooks', name)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}

function saying(lines: readonly string[]): string {
  const quoted = lines.map((line) => `printf '%s\\n' '${line.replaceAll("'", `'\\''`)}' >&2`)
  return [...quoted, 'exit 1'].join('\n')
}

export function describePushResults(start: StartWorld): void {
  const byHook = REFUSALS.flatMap(({ name, result, hook: lines }) =>
    lines === undefined ? [] : [{ name, result, lines }],
  )

  describe('execute: push_branch, refused by the remote', () => {
    it.each(byHook)('hears of $name, moves nothing and knows a cure', async ({ result, lines }) => {
      const { world, before, step } = await ahead(start)
      await hook(world, 'pre-receive', saying(lines))
      const outcome = await world.run(step)
      expect(outcome).toMatchObject({ kind: 'push', result })
      if (outcome.kind !== 'push' || !isPushRefusal(outcome.result)) throw new Error(outcome.kind)
      for (const line of lines) expect(outcome.detail).toContain(line.trim())
      expect(pushRefusalText(outcome.result).cure).toMatch(/`continue`/)
      expect(await world.origin.ref('refs/heads/work')).toBe(before)
      expect(await git(world.tree(), 'rev-parse', 'HEAD')).not.toBe(before)
      await hook(world, 'pre-receive', 'exit 0')
      expect(await world.run(step)).toMatchObject({ kind: 'push', result: 'pushed' })
    })
  })

  describe('execute: push_branch, believed only when read back', () => {
    it('a remote that says yes and did not move is not believed', async () => {
      const { world, before, step } = await ahead(start)
      await hook(world, 'post-receive', `git update-ref refs/heads/work ${before}`)
      expect(await world.run(step)).toMatchObject({
        kind: 'push',
        result: 'unknown',
        detail: expect.stringContaining(before) as string,
      })
    })

    it('a remote that moved and broke the connection is believed', async () => {
      const { world, step } = await ahead(start)
      await hook(world, 'post-receive', 'kill -9 $PPID')
      expect(await world.run(step)).toEqual({ kind: 'push', result: 'pushed', detail: '' })
    })

    it.each([
      ['and the remote says yes', 'true'],
      ['and the connection breaks', 'kill -9 $PPID'],
    ])(
      'a push that another one follows at once is looked at again, not asked about: %s',
      async (_how, then) => {
        const { world, step } = await ahead(start)
        // The follower's commit stands on ours, as when a person pulls and pushes in the same second.
        const commit = `c=$(GIT_AUTHOR_NAME=p GIT_AUTHOR_EMAIL=p@x GIT_COMMITTER_NAME=p GIT_COMMITTER_EMAIL=p@x git commit-tree -p refs/heads/work -m Next 'refs/heads/work^{tree}')`
        await hook(world, 'post-receive', `${commit}\ngit update-ref refs/heads/work "$c"\n${then}`)
        expect(await world.run(step)).toMatchObject({ kind: 'push', result: 'non_fast_forward' })
        const facts = await world.inspect(step.kind === 'push_branch' ? step.expected : null)
        expect(facts.relation).toMatchObject({
          localAhead: 0,
          remoteAhead: 1,
          remoteContainsLastSynced: true,
        })
      },
    )

    it('a push that another one came before is no success, and theirs stays', async () => {
      const { world, step } = await ahead(start)
      const theirs = await world.origin.push({ 'README.md': 'first\n' })
      expect(await world.run(step)).toMatchObject({ kind: 'push', result: 'non_fast_forward' })
      expect(await world.origin.ref('refs/heads/work')).toBe(theirs)
    })
  })
}
