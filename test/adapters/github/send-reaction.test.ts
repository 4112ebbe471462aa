import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Effect } from '../../../src/domain/effects.ts'
import { startGitHubWorld } from './github-world.ts'
import type { GitHubWorld } from './github-world.ts'

let world: GitHubWorld

beforeEach(async () => {
  world = await startGitHubWorld()
})

afterEach(() => world.stop())

describe('send, for a reaction', () => {
  it('adds it once, however often it is sent', async () => {
    const comment = await world.pr.comment('alice', '/belay run')
    for (const content of ['eyes', 'rocket', 'eyes', 'confused'] as const) {
      expect(await react(comment.nodeId, content)).toEqual({ kind: 'sent', remoteId: null })
    }
    expect(comment.reactions.map(({ by, content }) => [by, content])).toEqual([
      ['belay[bot]', 'eyes'],
      ['belay[bot]', 'rocket'],
      ['belay[bot]', 'confused'],
    ])
  })

  it('adds it to the first text of a pull request', async () => {
    expect((await react(world.pr.nodeId, 'eyes')).kind).toBe('sent')
    expect(world.pr.reactions).toMatchObject([{ by: 'belay[bot]', content: 'eyes' }])
  })

  it('adds it to a review and to a reply in a review thread', async () => {
    const review = await world.pr.review('alice', { body: '/belay status' })
    const first = await world.pr.reviewComment('bob', { path: 'a.txt', line: 1, body: 'Why?' })
    const reply = await world.pr.reviewComment('alice', { inReplyTo: first.id, body: '/continue' })
    for (const subject of [review, reply]) {
      expect((await react(subject.nodeId, 'eyes')).kind).toBe('sent')
      expect(subject.reactions).toMatchObject([{ by: 'belay[bot]', content: 'eyes' }])
    }
    expect(first.reactions).toEqual([])
  })

  it('is refused for good when its subject is gone', async () => {
    expect(await react('IC_gone', 'eyes')).toMatchObject({ kind: 'refused', status: 404 })
  })

  it('is tried later when the connection breaks', async () => {
    const comment = await world.pr.comment('alice', '/belay run')
    world.fake.faults.cutConnection({ times: 1, when: 'before_response' })
    expect((await react(comment.nodeId, 'eyes')).kind).toBe('try_later')
    expect((await react(comment.nodeId, 'eyes')).kind).toBe('sent')
  })
})

function react(
  subjectNodeId: string,
  content: 'eyes' | 'rocket' | 'confused',
): ReturnType<GitHubWorld['github']['send']> {
  const effect: Effect = {
    kind: 'reaction',
    target: `reaction:${subjectNodeId}`,
    repository: world.target,
    subjectNodeId,
    content,
  }
  return world.github.send({ effect, remoteId: null, mayExist: false })
}
