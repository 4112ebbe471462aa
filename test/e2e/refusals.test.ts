// Who and what never gets in: strangers, forks, edited consent, quotations, bots.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { playUntilQuestion, ROCKET_FILES } from '../support/conflict-story.ts'
import { TestWorld } from '../support/test-world.ts'

let world: TestWorld

beforeAll(async () => {
  world = await TestWorld.start({ files: ROCKET_FILES })
})

afterAll(() => world?.close())

const openPlain = (branch: string) => world.openPullRequest({ branch, files: { [`${branch}.txt`]: 'x\n' } })

describe('commands that are refused', () => {
  it('a stranger gets a reaction and no words', async () => {
    const pr = await openPlain('stranger')
    const comment = await pr.comment('bob', '/belay run')
    await world.reacted(comment, 'confused')
    await world.drain(pr)
    expect(await world.session(pr)).toBeUndefined()
    expect(world.botComments(pr).filter(({ body }) => body.includes('bob'))).toEqual([])
  })

  it('a pull request from a fork is refused, with the reason, once', async () => {
    const fork = await world.repo.fork('erin')
    await fork.push({ by: 'erin', branch: 'gift', files: { 'gift.txt': 'x\n' } })
    const pr = await world.repo.openPullRequest({ by: 'erin', head: 'gift', headRepository: fork })
    const first = await pr.comment('alice', '/belay run')
    await world.reacted(first, 'confused')
    await world.belay.eventually(() => world.botComments(pr).some(({ body }) => /fork/i.test(body)), {
      what: 'the reason is written',
    })
    const second = await pr.comment('alice', '/belay run')
    await world.reacted(second, 'confused')
    await world.drain(pr)
    expect(world.botComments(pr).filter(({ body }) => /fork/i.test(body))).toHaveLength(1)
    expect(await world.session(pr)).toBeUndefined()
  })

  it('text in quotations and code is no command', async () => {
    const pr = await openPlain('quoted')
    const comment = await pr.comment(
      'alice',
      [
        '> /belay run',
        '',
        '```',
        '/belay run',
        '```',
        '',
        '    /belay run',
        '',
        '<!-- ',
        '/belay run',
        '-->',
      ].join('\n'),
    )
    await world.drain(pr)
    expect(comment.reactions).toEqual([])
    expect(await world.session(pr)).toBeUndefined()
  })

  it('a bot can not start anything', async () => {
    const pr = await openPlain('robot')
    const bot = world.github.world.people.bot('helper')
    world.repo.setRole(bot.login, 'admin')
    const comment = pr.addComment(bot, '/belay run')
    await world.drain(pr)
    expect(comment.reactions).toEqual([])
    expect(await world.session(pr)).toBeUndefined()
  })

  it('a comment that was edited into an answer is no consent, and a reader can not answer', async () => {
    const { pr, decision } = await playUntilQuestion(world, 'edited')
    const harmless = await pr.comment('alice', 'Let me think.')
    await world.github.settled()
    await pr.editComment('alice', harmless.id, `/continue ${decision.id}`)
    await world.ended(harmless)
    const reader = await pr.comment('bob', `/continue ${decision.id}`)
    await world.reacted(reader, 'confused')
    await world.drain(pr)
    expect(await world.decisions(pr)).toMatchObject([{ id: decision.id, status: 'pending', answer: null }])
    expect(await world.story.attemptCount(pr.number)).toBe(1)
    expect(pr.comments.some(({ author, body }) => author === 'belay[bot]' && body.includes('@bob'))).toBe(
      false,
    )
  })
})
