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
    await world.belay.launch()
  }, 180_000)

  it('does not do later what failed alone, and says so', async () => {
    const { pr, session, decision } = await playUntilQuestion(world, 'pinned-outage')
    const prefix = decision.details.pins[0]?.prefix ?? ''
    const id = prefix.slice(prefix.lastIndexOf('/') + 1)
    const refs = async (): Promise<string> =>
      git(world.places(session).origin, 'for-each-ref', '--format=%(refname) %(objectname)', 'refs/heads')
    const before = await refs()
    await world.belay.kill()
    const { faults } = world.github
    faults.cutConnection({ times: 10_000, when: 'before_response' })
    const failed = await world.belay.command(['backups', 'rescue', id, '--branch', 'rescue/outage'])
    faults.clear()
    expect(failed).toMatchObject({ code: 1, out: '' })
    expect(failed.err).toContain(`The rescue of the pin \`${id}\` was not finished: `)
    expect(failed.err).toContain('got no usable answer from GitHub')
    expect(failed.err).toContain('does not try it again by itself')
    expect(failed.err).toContain('Give the order again when the cause is gone')

    await world.belay.launch()
    await world.drain(pr)
    await world.quiet()
    expect(await refs()).toBe(before)
    const [row] = await world.belay.database.query(
      `SELECT COUNT(*) AS open FROM jobs WHERE state IN ('pending', 'running') AND payload LIKE '%rescue_backup%'`,
    )
    expect(row).toEqual({ open: 0 })
    const again = await world.belay.command(['backups', 'rescue', id, '--branch', 'rescue/outage'])
    expect(again).toMatchObject({ code: 0, err: '' })
    expect(await refs()).toContain('refs/heads/rescue/outage')
  }, 180_000)

  it('looks without the App and its secrets, at this machine alone', async () => {
    const { session } = await playUntilQuestion(world, 'pinned-alone')
    const none = { APP_ID: '', PRIVATE_KEY: '', WEBHOOK_SECRET: '', GHE_HOST: '', BELAY_API_TOKEN: '' }
    const list = await world.belay.command(['backups', 'list', '--session', session.id, '--json'], none)
    expect(list).toMatchObject({ code: 0, err: '' })
    const pins = JSON.parse(list.out) as readonly { readonly id: string }[]
    expect(pins.length).toBeGreaterThan(0)
    const shown = await world.belay.command(['backups', 'show', pins[0]?.id ?? ''], none)
    expect(shown).toMatchObject({ code: 0, err: '' })
    expect(shown.out).toContain(`BELAY_HOME=${world.belay.home}\n`)
    const inbox = await world.belay.command(['inbox', 'list'], none)
    expect(inbox).toMatchObject({ code: 0, err: '' })
    expect(inbox.out).toContain('issue_comment.created')
    const nowhere = { ...none, DATABASE_URL: `file:${world.belay.home}/nosuch.db` }
    const wrong = await world.belay.command(['inbox', 'list'], nowhere)
    expect(wrong).toMatchObject({ code: 1, out: '' })
    expect(wrong.err).toContain('nosuch.db can not be read: there is no such file')
    const unknown = await world.belay.command(['backups', 'list', '--session', 'nosuch'], none)
    expect(unknown).toMatchObject({ code: 1, out: '' })
    expect(unknown.err).toContain('There is no session with the id nosuch.')
  }, 180_000)
})
