// A command runs once, whatever deliveries bring it and in whatever order; an edit runs only what it added.

import { createHmac, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { LaneEvent } from '../../src/domain/events.ts'
import type { FakePullRequest, IssueComment } from '../support/fake-github/index.ts'
import { playAttempt, reactionsOf, repliesTo } from '../support/workbench/scenes.ts'
import { Workbench } from '../support/workbench/workbench.ts'

let bench: Workbench
let pr: FakePullRequest

beforeAll(async () => {
  bench = await Workbench.start()
})

let count = 0
beforeEach(async () => {
  count += 1
  pr = await bench.openPullRequest(`comment-${count}`)
})

afterEach(async () => {
  expect(await bench.unendedCommands()).toEqual([])
  expect(bench.failures()).toEqual([])
})

afterAll(() => bench?.close())

/** Returns which commands of a comment were run, in their order. */
async function runsOf({ nodeId }: IssueComment): Promise<readonly string[]> {
  const rows = await bench.reader.query(`SELECT json_extract(payload, '$.parsed.source') AS line FROM jobs
    WHERE json_extract(payload, '$.source.commentNodeId') = '${nodeId}'
    AND json_extract(payload, '$.kind') = 'run_command' ORDER BY id`)
  return rows.map(({ line }) => String(line))
}

function deliveriesOf(comment: IssueComment) {
  return bench.github.deliveries.filter(
    ({ event, body }) => event === 'issue_comment' && body.includes(`"${comment.nodeId}"`),
  )
}

/** Posts a body that GitHub signed once, under an id of its own. */
async function replay(body: string, secret: string): Promise<number> {
  const headers = {
    'content-type': 'application/json',
    'x-github-event': 'issue_comment',
    'x-github-delivery': randomUUID(),
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  }
  const { url = '' } = bench.github.world.webhooks.target
  return (await fetch(url, { method: 'POST', headers, body })).status
}

/** The event of a stored job, so that it can arrive again past the inbox. */
async function eventOf({ nodeId }: IssueComment): Promise<LaneEvent> {
  const [row] = await bench.reader.query(`SELECT json_extract(payload, '$.event') AS event FROM jobs
    WHERE json_extract(payload, '$.event.comment.nodeId') = '${nodeId}' ORDER BY id LIMIT 1`)
  return row?.['event'] as LaneEvent
}

describe('readComment, identity', () => {
  it('runs a command once, delivered, redelivered, replayed under a new id, and once more past the inbox', async () => {
    bench.github.faults.duplicate({ event: 'issue_comment.created', times: 1 })
    const comment = await bench.say(pr, 'alice', 'Please:\n\n/belay help')
    const [delivery] = deliveriesOf(comment)
    await bench.github.redeliver(delivery?.id ?? '')
    await bench.settle()
    const { secret } = bench.github.world.webhooks.target
    expect(await replay(delivery?.body ?? '', secret)).toBe(202)
    await bench.settle()
    await bench.enqueue(pr, { kind: 'handle_event', event: await eventOf(comment) })
    await bench.settle()
    expect(delivery?.attempts).toBe(3)
    expect(await runsOf(comment)).toEqual(['/belay help'])
    expect(repliesTo(comment)).toHaveLength(1)
    expect(reactionsOf(comment)).toEqual(['eyes', 'rocket'])
  })

  it('runs the same words in a second comment again', async () => {
    const first = await bench.say(pr, 'alice', '/belay help')
    const second = await bench.say(pr, 'alice', '/belay help')
    expect([repliesTo(first).length, repliesTo(second).length]).toEqual([1, 1])
  })

  it('runs several commands of one comment, each once, in their order', async () => {
    const comment = await bench.say(pr, 'alice', '/belay help\n/belay status\n\n/belay help')
    expect(await runsOf(comment)).toEqual(['/belay help', '/belay status', '/belay help'])
    const commands = await bench.store.list('commands', { prNumber: pr.number })
    expect(commands.map(({ verb, state }) => `${verb} ${state}`)).toEqual([
      'help done',
      'status refused',
      'help done',
    ])
  })

  it('starts one session for one comment, however often it comes', async () => {
    bench.github.faults.duplicate({ event: 'issue_comment.created', times: 1 })
    const comment = await pr.comment('alice', '/belay run')
    await bench.takeIn()
    await bench.enqueue(pr, { kind: 'handle_event', event: await eventOf(comment) })
    await bench.settle()
    await bench.finishAttempts()
    expect(await bench.store.list('sessions', { prNumber: pr.number })).toHaveLength(1)
    expect(await bench.store.list('attempts', { sessionId: (await bench.session(pr)).id })).toHaveLength(1)
  })

  it('says bare words to nobody where no session lives', async () => {
    const comment = await bench.say(pr, 'alice', '/continue\n\n/abort')
    expect(await runsOf(comment)).toEqual([])
    expect(reactionsOf(comment)).toEqual([])
    expect(await bench.store.list('commands', { prNumber: pr.number })).toEqual([])
  })
})

describe('readComment, edits', () => {
  it('runs only the line that was added, wherever the others went', async () => {
    const comment = await bench.say(pr, 'alice', '/belay status')
    await pr.editComment('alice', comment.id, 'I mean:\n\n/belay help\n/belay status')
    await bench.settle()
    await pr.editComment('alice', comment.id, 'I really mean:\n\n\n/belay help\n/belay status')
    await bench.settle()
    expect(await runsOf(comment)).toEqual(['/belay status', '/belay help'])
  })

  it('judges an edit by who edited, not by who wrote', async () => {
    const comment = await bench.say(pr, 'bob', 'Could somebody start it?')
    await pr.editComment('alice', comment.id, 'Could somebody start it?\n\n/belay help')
    await bench.settle()
    const [command] = await bench.store.list('commands', { prNumber: pr.number })
    expect(command).toMatchObject({ actor: 'alice', state: 'done' })
  })

  it('does not run what stood in a comment before anybody listened', async () => {
    bench.github.faults.drop({ event: 'issue_comment.created', times: 1 })
    const comment = await bench.say(pr, 'alice', '/belay help')
    await pr.editComment('alice', comment.id, '/belay help\n\nThank you.')
    await bench.settle()
    expect(await runsOf(comment)).toEqual([])
  })

  it('runs, once, what was said in a delivery that was lost and came after an edit', async () => {
    bench.github.faults.drop({ event: 'issue_comment.created', times: 1 })
    const comment = await bench.say(pr, 'alice', '/belay help\n\n/belay status')
    await pr.editComment('alice', comment.id, 'Hello.\n\n/belay help\n\n/belay sync')
    await bench.settle()
    expect(await runsOf(comment)).toEqual(['/belay sync'])
    const [created] = deliveriesOf(comment)
    await bench.github.redeliver(created?.id ?? '')
    await bench.settle()
    expect(await runsOf(comment)).toEqual(['/belay sync', '/belay help', '/belay status'])
    await pr.editComment('alice', comment.id, 'Hello.\n\n/belay help\n\n/belay sync\n\nThank you.')
    await bench.github.redeliver(created?.id ?? '')
    await bench.settle()
    expect(await runsOf(comment)).toEqual(['/belay sync', '/belay help', '/belay status'])
  })

  it('takes no consent from a lost delivery of a comment that was edited since', async () => {
    const scene = await playAttempt(bench, `late-consent-${count}`, [
      [{ do: 'git', args: ['checkout', '--quiet', '--detach'] }],
    ])
    const question = await bench.question(scene.pr)
    bench.github.faults.drop({ event: 'issue_comment.created', times: 1 })
    const comment = await bench.say(scene.pr, 'alice', '/continue')
    await scene.pr.editComment('alice', comment.id, '/continue\n\nor not')
    const [created] = deliveriesOf(comment)
    await bench.github.redeliver(created?.id ?? '')
    await bench.settle()
    expect(await runsOf(comment)).toEqual(['/continue'])
    expect(reactionsOf(comment)).toEqual(['eyes', 'confused'])
    expect(await bench.question(scene.pr)).toEqual(question)
  })
})
