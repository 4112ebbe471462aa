import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CheckRunState, Effect } from '../../../src/domain/effects.ts'
import { toSha } from '../../../src/domain/ids.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

const CREATE = 'POST /repos/{owner}/{repo}/check-runs'
const ASKING: CheckRunState = { status: 'completed', conclusion: 'action_required' }

let world: GitHubWorld

beforeEach(async () => {
  world = await startGitHubWorld()
})

afterEach(() => world.stop())

describe('send, for a check run', () => {
  it('creates it with its buttons, which people can press', async () => {
    const outcome = await world.github.send({ effect: checkRun(ASKING), remoteId: null, mayExist: false })
    const [run] = world.pr.checkRuns()
    expect(outcome).toEqual({ kind: 'sent', remoteId: String(run?.id) })
    expect(run).toMatchObject({
      name: 'Belay',
      externalId: 'k3m9qx',
      status: 'completed',
      conclusion: 'action_required',
      output: { title: 'A title' },
      actions: [{ label: 'Continue', description: 'Continue with post-reset state', identifier: 'continue' }],
    })
    await world.pr.pressButton('alice', run?.id ?? 0, 'continue')
    await world.fake.settled()
    expect(world.fake.deliveries.at(-1)).toMatchObject({ event: 'check_run', action: 'requested_action' })
  })

  it('changes it as long as it runs', async () => {
    const first = await world.github.send({
      effect: checkRun({ status: 'queued' }),
      remoteId: null,
      mayExist: false,
    })
    const id = first.kind === 'sent' ? first.remoteId : null
    await world.github.send({ effect: checkRun({ status: 'in_progress' }), remoteId: id, mayExist: false })
    await world.github.send({
      effect: checkRun({ status: 'completed', conclusion: 'success' }),
      remoteId: id,
      mayExist: false,
    })
    expect(world.pr.checkRuns()).toMatchObject([{ status: 'completed', conclusion: 'success' }])
  })

  it('refuses to reopen a completed one', async () => {
    const first = await world.github.send({ effect: checkRun(ASKING), remoteId: null, mayExist: false })
    const id = first.kind === 'sent' ? first.remoteId : null
    const reopened = await world.github.send({
      effect: checkRun({ status: 'in_progress' }),
      remoteId: id,
      mayExist: false,
    })
    expect(reopened).toMatchObject({ kind: 'refused', status: 422 })
  })

  it.each([{ status: 'queued' } as const, ASKING])(
    'ends with exactly one run when the answer to the creation is lost (%j)',
    async (state) => {
      world.fake.faults.cutConnection({ route: CREATE, times: 1, when: 'after_effect' })
      expect(
        (await world.github.send({ effect: checkRun(state), remoteId: null, mayExist: false })).kind,
      ).toBe('try_later')
      const changed = { ...checkRun(ASKING), externalId: 'n4p7rs' }
      const again = await world.open().send({ effect: changed, remoteId: null, mayExist: true })
      expect(world.pr.checkRuns()).toMatchObject([{ status: 'completed', externalId: 'n4p7rs' }])
      expect(again).toEqual({ kind: 'sent', remoteId: String(world.pr.checkRuns()[0]?.id) })
    },
  )

  it('does not take over the run of another generation', async () => {
    await world.github.send({ effect: checkRun(ASKING), remoteId: null, mayExist: false })
    const next = { ...checkRun({ status: 'queued' }), target: `${checkRun(ASKING).target}2` }
    await world.github.send({ effect: next, remoteId: null, mayExist: true })
    expect(world.pr.checkRuns().map(({ status }) => status)).toEqual(['completed', 'queued'])
  })
})

function checkRun(state: CheckRunState): Extract<Effect, { kind: 'check_run' }> {
  return {
    kind: 'check_run',
    target: `check:rocket#1:${world.pr.headSha}:1`,
    repository: world.target,
    headSha: toSha(world.pr.headSha),
    externalId: 'k3m9qx',
    state,
    title: 'A title',
    summary: 'A summary.',
    buttons: [{ label: 'Continue', description: 'Continue with post-reset state', identifier: 'continue' }],
  }
}
