// `belay backups` as an operator types it: beside the running program, and after it was killed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { git } from '../support/temp-repo.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

describe('belay backups', () => {
  it('lists, shows and rescues a pin through the running program, and alone when nothing runs', async () => {
    const { session, decision } = await playUntilQuestion(world, 'pinned-guidance')
    const prefix = decision.details.pins[0]?.prefix ?? ''
    const id = prefix.slice(prefix.lastIndexOf('/') + 1)
    const head = decision.details.pins[0]?.head ?? ''
    const { origin, mirror } = world.places(session)

    const list = await world.belay.command(['backups', 'list', '--session', session.id])
    expect(list).toMatchObject({ code: 0, err: '' })
    expect(list.out).toContain(id)
    const shown = await world.belay.command(['backups', 'show', id])
    expect(shown).toMatchObject({ code: 0, err: '' })
    expect(shown.out).toContain('Steer by the stars')
    expect(shown.out).toContain('??  .env.local  +1 -0')
    expect(shown.out).toContain(`git fetch "$BELAY_HOME/mirrors/${session.projectId}.git"`)
    const parsed: unknown = JSON.parse((await world.belay.command(['backups', 'show', id, '--json'])).out)
    expect(parsed).toMatchObject({ id, sessionId: session.id, contents: { head, fault: null } })

    const rescued = await world.belay.command(['backups', 'rescue', id])
    const branch = `belay/rescue/${session.id}-1`
    expect(rescued).toMatchObject({ code: 0, err: '' })
    expect(rescued.out).toContain(branch)
    expect(await git(origin, 'rev-parse', branch)).toBe(head)
    const secret = await world.belay.command(['backups', 'rescue', id, '--dirty'])
    expect(secret.code).toBe(1)
    expect(secret.err).toContain('.env.local')

    await world.belay.kill()
    const alone = await world.belay.command(['backups', 'rescue', id, '--branch', 'rescue/by-hand'])
    expect(alone).toMatchObject({ code: 0, err: '' })
    expect(alone.out).toContain('rescue/by-hand')
    expect(await git(origin, 'rev-parse', 'rescue/by-hand')).toBe(head)
    const again = await world.belay.command(['backups', 'rescue', id])
    expect(again.out).toContain(branch)
    expect(await world.belay.command(['backups', 'rescue', 'nope'])).toMatchObject({ code: 1, out: '' })
    expect((await world.belay.command(['backups', 'show', id])).out).toContain(`rescued to    ${branch}`)
    // Looking and rescuing change nothing of what is pinned.
    expect(await git(mirror, 'rev-parse', `${prefix}/head`)).toBe(head)
  }, 180_000)
})
