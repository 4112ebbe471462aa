// Pins on the remote: what goes there, what a refusal means, and what never leaves this machine.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Decision } from '../../src/domain/records.ts'
import {
  configure,
  headOf,
  letAgentEnd,
  playUntilConflict,
  questionTexts,
  WORK,
} from '../support/workbench/scenes.ts'
import { lookAtWorktree } from '../support/workbench/worktree-sight.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench

beforeAll(async () => {
  bench = await Workbench.start()
})

afterEach(async () => {
  bench.watch.hook = () => undefined
  bench.github.faults.clear()
  await bench.repo.git.preReceive('#!/bin/sh\nexit 0\n')
})

afterAll(() => bench?.close())

function optionIds({ options }: Decision): readonly string[] {
  return options.map(({ id }) => id)
}

describe('a pin that the remote refuses for its content', () => {
  const REFUSE_PINS =
    '#!/bin/sh\ngrep -q refs/belay/ && { echo "GH013: Repository rule violations found" >&2; echo "GITHUB PUSH PROTECTION" >&2; exit 1; }\nexit 0\n'

  it('resets nothing, asks, and goes on with the pin of this machine when told to', async () => {
    await bench.repo.git.preReceive(REFUSE_PINS)
    const scene = await playUntilConflict(bench, 'secret')
    const before = await lookAtWorktree(bench.tree(scene.session.id))
    await letAgentEnd(bench, scene)
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'backup_failed', context: 'backup_failed:implement' })
    expect(optionIds(question)).toEqual(['continue', 'retry', 'abort'])
    expect(question.details.pins[0]).toMatchObject({ push: 'refused', pushRefusal: 'secret_found' })
    expect(await lookAtWorktree(bench.tree(scene.session.id))).toEqual(before)
    await bench.say(scene.pr, 'alice', '/continue')
    await bench.finishAttempts()
    expect(await bench.question(scene.pr)).toMatchObject({
      kind: 'hard_reset_recovery',
      details: { isReset: true },
    })
    expect(await headOf(bench, scene)).toBe(scene.pr.headSha)
  })

  it('tries the push again when told to', async () => {
    await bench.repo.git.preReceive(REFUSE_PINS)
    const scene = await playUntilConflict(bench, 'secret-gone')
    await letAgentEnd(bench, scene)
    await bench.repo.git.preReceive('#!/bin/sh\nexit 0\n')
    await bench.say(scene.pr, 'alice', '/belay answer retry')
    await bench.finishAttempts()
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'hard_reset_recovery', details: { isReset: true } })
    expect(question.details.pins.at(-1)).toMatchObject({ push: 'pushed' })
  })

  it('a host that takes no such refs at all leaves the verified pin here, and the reset goes on', async () => {
    await bench.repo.git.preReceive(
      '#!/bin/sh\ngrep -q refs/belay/ && { echo "deny updating a hidden ref" >&2; exit 1; }\nexit 0\n',
    )
    const scene = await playUntilConflict(bench, 'no-refs')
    await letAgentEnd(bench, scene)
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'hard_reset_recovery', details: { isReset: true } })
    expect(question.details.pins[0]).toMatchObject({ push: 'refused', pushRefusal: 'protected' })
  })
})

describe('pins on the remote', () => {
  it('go there with index and files when the repository wants all of it', async () => {
    await configure(bench, 'sync:\n  push_backups: all\n')
    const scene = await playUntilConflict(bench, 'all-pins', [
      ...WORK,
      { do: 'git', args: ['-c', 'alias.big=!head -c 2000000 /dev/zero > not-committed.bin', 'big'] },
    ])
    await letAgentEnd(bench, scene)
    const { details } = await bench.question(scene.pr)
    const [pin] = details.pins
    expect(pin).toMatchObject({ push: 'pushed', files: 'pushed' })
    const bytes = await bench.repo.git.readFile(`${pin?.prefix}/worktree`, 'not-committed.bin')
    expect(bytes).toEqual(Buffer.alloc(2_000_000))
    expect(await bench.repo.git.resolve(`${pin?.prefix}/index`)).toBeDefined()
    await configure(bench, '')
  })

  it('stay here with index and files when one of them looks like a secret', async () => {
    await configure(bench, 'sync:\n  push_backups: all\n')
    const scene = await playUntilConflict(bench, 'secret-file', [
      ...WORK,
      { do: 'write', path: '.env', text: 'PASSWORD=only-here\n' },
    ])
    await letAgentEnd(bench, scene)
    const { details } = await bench.question(scene.pr)
    expect(details.pins[0]).toMatchObject({ push: 'pushed', files: 'secret_found' })
    const refs = await bench.repo.git.run(['for-each-ref', '--format=%(refname)', 'refs/belay/'])
    expect(refs).toContain(`${details.pins[0]?.prefix}/head`)
    expect(refs).not.toContain(`${details.pins[0]?.prefix}/worktree`)
    await configure(bench, '')
  })

  it('leave a file of 50 MB and more on this machine, and say so', async () => {
    await configure(bench, 'sync:\n  push_backups: all\n')
    const scene = await playUntilConflict(bench, 'large', [
      ...WORK,
      { do: 'git', args: ['-c', 'alias.big=!head -c 50000000 /dev/zero > big.bin', 'big'] },
    ])
    await letAgentEnd(bench, scene)
    const { details } = await bench.question(scene.pr)
    expect(details.pins[0]).toMatchObject({ push: 'pushed', files: 'too_large' })
    expect(questionTexts(scene.pr).at(-1)).toContain('on the runner only')
    await configure(bench, '')
  })

  it('go to a branch when the host takes no other refs and the repository allows that', async () => {
    await configure(bench, 'sync:\n  push_backups_fallback: branch\n')
    await bench.repo.git.preReceive(
      '#!/bin/sh\ngrep -q refs/belay/ && { echo "deny updating a hidden ref" >&2; exit 1; }\nexit 0\n',
    )
    const scene = await playUntilConflict(bench, 'fallback')
    const own = await headOf(bench, scene)
    await letAgentEnd(bench, scene)
    const question = await bench.question(scene.pr)
    expect(question).toMatchObject({ kind: 'hard_reset_recovery', details: { isReset: true } })
    expect(await bench.repo.git.resolve(`refs/heads/belay/rescue/${scene.session.id}-1`)).toBe(own)
    expect(questionTexts(scene.pr).at(-1)).toContain(`belay/rescue/${scene.session.id}-1`)
    await configure(bench, '')
  })
})
