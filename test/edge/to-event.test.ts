import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isAppError } from '../../src/domain/errors/app-error.ts'
import type { AppEvent } from '../../src/domain/events.ts'
import type { Mapped } from '../../src/edge/payload/mapped.ts'
import { HANDLED_EVENTS, toEvents } from '../../src/edge/to-event.ts'
import { EXAMPLES, exampleOf, installed, INSTALLATION } from './published-examples.ts'

function only(mapped: Mapped): AppEvent {
  expect(mapped.kind).toBe('events')
  const [event, ...more] = mapped.kind === 'events' ? mapped.events : []
  expect(more).toEqual([])
  if (event === undefined) throw new Error('no event')
  return event
}

const REPOSITORY = {
  installationId: INSTALLATION.id,
  repositoryId: 186853002,
  owner: 'Codertocat',
  name: 'Hello-World',
  isPrivate: false,
  defaultBranch: 'master',
}
const CODERTOCAT = { login: 'Codertocat', isBot: false }

/** The kinds of events a payload became, in order. */
function kindsOf(mapped: Mapped): readonly string[] {
  return mapped.kind === 'events' ? mapped.events.map(({ kind }) => kind) : []
}

/** The text of a payload of a review, which comes with the hint that the review is worth a look. */
function textOf(mapped: Mapped): AppEvent {
  expect(kindsOf(mapped)).toEqual(['comment_written', 'pull_request_touched'])
  return only(mapped.kind === 'events' ? { ...mapped, events: mapped.events.slice(0, 1) } : mapped)
}

/** What every published example of an event and action becomes. */
const EXPECTED: Readonly<Record<string, string>> = {
  'check_run.requested_action': 'button_pressed',
  'check_run.created': 'commit_touched',
  'check_run.completed': 'commit_touched',
  'check_run.rerequested': 'commit_touched',
  'check_suite.completed': 'commit_touched',
  'check_suite.requested': 'commit_touched',
  'check_suite.rerequested': 'commit_touched',
  'status.': 'commit_touched',
  'pull_request_review.dismissed': 'pull_request_touched',
  'pull_request_review_comment.deleted': 'pull_request_touched',
  'pull_request_review_thread.resolved': 'pull_request_touched',
  'pull_request_review_thread.unresolved': 'pull_request_touched',
  'installation.created': 'installation_changed',
  'installation.deleted': 'installation_changed',
  'installation.new_permissions_accepted': 'installation_changed',
  'installation.suspend': 'installation_changed',
  'installation.unsuspend': 'installation_changed',
  'installation_repositories.added': 'installation_changed',
  'installation_repositories.removed': 'installation_changed',
  'issue_comment.created': 'comment_written',
  'issue_comment.edited': 'comment_written',
  'issues.opened': 'comment_written',
  'merge_group.checks_requested': 'merge_group_requested',
  'repository.edited': 'repository_changed',
  'repository.privatized': 'repository_changed',
  'repository.publicized': 'repository_changed',
  'repository.renamed': 'repository_changed',
  'repository.transferred': 'repository_changed',
}

/** A text that may hold commands, and news of the review in any case. */
const REVIEW_TEXTS: readonly string[] = [
  'pull_request_review.submitted',
  'pull_request_review.edited',
  'pull_request_review_comment.created',
  'pull_request_review_comment.edited',
]

describe('toEvents with the published payloads', () => {
  it('knows an example of every event it handles', () => {
    const published = new Set(EXAMPLES.map(({ event }) => event))
    expect(HANDLED_EVENTS.filter((event) => !published.has(event))).toEqual([])
  })

  it.each(EXAMPLES.filter(({ event }) => HANDLED_EVENTS.includes(event)))('reads $name', (example) => {
    const { event, action } = example
    const mapped = toEvents(event, installed(example))
    if (event === 'push') {
      const isBranch = String(example.payload['ref']).startsWith('refs/heads/')
      expect(mapped).toMatchObject(
        isBranch ? { events: [{ kind: 'branch_pushed' }] } : { reason: 'not_a_branch' },
      )
    } else if (mapped.kind === 'ignored' && mapped.reason === 'no_text') {
      const { review, issue, comment } = example.payload
      expect(Object(review ?? comment ?? issue).body ?? '').toBe('')
    } else if (REVIEW_TEXTS.includes(`${event}.${action ?? ''}`)) {
      const { review, comment } = example.payload
      const hasText = (Object(comment ?? review).body ?? '') !== ''
      expect(kindsOf(mapped)).toEqual(
        hasText ? ['comment_written', 'pull_request_touched'] : ['pull_request_touched'],
      )
    } else if (event === 'pull_request') {
      expect(only(mapped)).toMatchObject({ kind: 'pull_request_changed', action })
    } else {
      const kind = EXPECTED[`${event}.${action ?? ''}`]
      if (kind === undefined) expect(mapped).toEqual({ kind: 'ignored', reason: 'action_not_used' })
      else expect(only(mapped).kind).toBe(kind)
    }
  })

  it('ignores every example of an event it does not handle', () => {
    const others = EXAMPLES.filter(({ event }) => !HANDLED_EVENTS.includes(event))
    expect(others.length).toBeGreaterThan(50)
    for (const example of others) {
      expect(toEvents(example.event, installed(example))).toEqual({
        kind: 'ignored',
        reason: 'event_not_used',
      })
    }
  })

  it('ignores payloads that belong to no installation', () => {
    const bare = EXAMPLES.filter(
      ({ event, payload }) => HANDLED_EVENTS.includes(event) && !('installation' in payload),
    )
    expect(bare.length).toBeGreaterThan(20)
    for (const { event, payload } of bare) {
      expect(toEvents(event, payload)).toEqual({ kind: 'ignored', reason: 'no_installation' })
    }
  })
})

describe('toEvents for texts', () => {
  it('maps a comment on an issue', () => {
    expect(only(toEvents('issue_comment', exampleOf('issue_comment', 'created')))).toEqual({
      kind: 'comment_written',
      repository: REPOSITORY,
      number: 1,
      onIssue: true,
      comment: {
        source: 'issue_comment',
        nodeId: 'MDEyOklzc3VlQ29tbWVudDQ5MjcwMDQwMA==',
        url: 'https://github.com/Codertocat/Hello-World/issues/1#issuecomment-492700400',
        author: CODERTOCAT,
        updatedAt: Date.parse('2019-05-15T15:20:21Z'),
      },
      body: "You are totally right! I'll get this fixed right away.",
      previousBody: null,
      wasEdited: false,
      sender: CODERTOCAT,
    })
  })

  it('knows a comment on a pull request by its link', () => {
    const payload = exampleOf('issue_comment', 'created', { issue: { pull_request: { url: 'x' } } })
    expect(only(toEvents('issue_comment', payload))).toMatchObject({ onIssue: false })
  })

  it('takes the old text of an edit from the changes, and the actor from the sender', () => {
    const payload = exampleOf('issue_comment', 'edited', {
      changes: { body: { from: 'old' } },
      comment: { body: 'new' },
      sender: { login: 'mallory', type: 'User' },
    })
    expect(only(toEvents('issue_comment', payload))).toMatchObject({
      body: 'new',
      previousBody: 'old',
      wasEdited: true,
      sender: { login: 'mallory', isBot: false },
      comment: { author: CODERTOCAT },
    })
  })

  it('does not invent an old text for an edit that carries none', () => {
    const payload = exampleOf('issue_comment', 'edited', { changes: null })
    expect(only(toEvents('issue_comment', payload))).toMatchObject({ previousBody: null, wasEdited: true })
  })

  it('tells about an edit that emptied a text', () => {
    const payload = exampleOf('issue_comment', 'edited', {
      changes: { body: { from: '/continue' } },
      comment: { body: '' },
    })
    expect(only(toEvents('issue_comment', payload))).toMatchObject({ body: '', previousBody: '/continue' })
  })

  it('marks bots and deleted accounts', () => {
    const bot = { user: { login: 'belay[bot]', type: 'Bot' } }
    const ghost = { user: null }
    const payload = (comment: object) => exampleOf('issue_comment', 'created', { comment })
    expect(only(toEvents('issue_comment', payload(bot)))).toMatchObject({
      comment: { author: { isBot: true } },
    })
    expect(only(toEvents('issue_comment', payload(ghost)))).toMatchObject({
      comment: { author: { login: 'ghost', isBot: false } },
    })
  })

  it('maps the first text of an issue', () => {
    expect(
      only(toEvents('issues', exampleOf('issues', 'opened', { issue: { body: '/belay run' } }))),
    ).toMatchObject({
      kind: 'comment_written',
      onIssue: true,
      number: 1,
      body: '/belay run',
      comment: { source: 'issue_comment', nodeId: 'MDU6SXNzdWU0NDQ1MDAwNDE=' },
    })
  })

  it('maps reviews with a text, new and edited', () => {
    const review = { review: { body: '/continue' } }
    const submitted = textOf(
      toEvents('pull_request_review', exampleOf('pull_request_review', 'submitted', review)),
    )
    expect(submitted).toMatchObject({
      number: 2,
      onIssue: false,
      comment: { source: 'review' },
      wasEdited: false,
    })
    const edited = exampleOf('pull_request_review', 'submitted', {
      ...review,
      action: 'edited',
      changes: { body: { from: 'x' } },
    })
    expect(textOf(toEvents('pull_request_review', edited))).toMatchObject({
      previousBody: 'x',
      wasEdited: true,
    })
  })

  it('maps review comments, new and edited', () => {
    const created = exampleOf('pull_request_review_comment', 'created')
    expect(textOf(toEvents('pull_request_review_comment', created))).toMatchObject({
      comment: { source: 'review_comment' },
      number: 2,
    })
    const edited = exampleOf('pull_request_review_comment', 'edited')
    expect(textOf(toEvents('pull_request_review_comment', edited))).toMatchObject({
      wasEdited: true,
      previousBody: expect.any(String),
    })
  })
})

describe('toEvents for checks', () => {
  it.each([
    ['check_run', 'completed', { appId: expect.any(Number) }],
    ['check_suite', 'completed', { appId: expect.any(Number) }],
    ['status', null, { appId: null }],
  ])('maps %s to a hint with the commit and whose check it is', (event, action, expected) => {
    expect(only(toEvents(event, exampleOf(event, action)))).toEqual({
      kind: 'commit_touched',
      repository: expect.objectContaining({ owner: 'Codertocat' }),
      sha: expect.stringMatching(/^[0-9a-f]{40}$/),
      ...expected,
    })
  })
})

describe('toEvents for branches and pull requests', () => {
  const SHA = '6113728f27ae82c7b1a177c8d03f9e96e0adf246'
  const ZERO = '0'.repeat(40)

  it.each([
    ['moved', { before: SHA, after: SHA, forced: true }, { before: SHA, after: SHA, isForced: true }],
    ['appeared', { before: ZERO, after: SHA }, { before: null, after: SHA, isForced: false }],
    ['went away', { before: SHA, after: ZERO }, { before: SHA, after: null }],
  ])('maps a branch that %s', (_name, changes, expected) => {
    const payload = exampleOf('push', null, { ref: 'refs/heads/feature/refs/heads/x', ...changes })
    expect(only(toEvents('push', payload))).toMatchObject({
      kind: 'branch_pushed',
      branch: 'feature/refs/heads/x',
      repository: { owner: 'Codertocat' },
      ...expected,
    })
  })

  it('maps every field of a pull request', () => {
    expect(only(toEvents('pull_request', exampleOf('pull_request', 'synchronize')))).toMatchObject({
      action: 'synchronize',
      pullRequest: {
        number: 2,
        nodeId: expect.any(String),
        title: expect.any(String),
        url: 'https://github.com/Codertocat/Hello-World/pull/2',
        author: CODERTOCAT,
        state: 'open',
        isDraft: false,
        headRef: 'changes',
        headSha: expect.stringMatching(/^[0-9a-f]{40}$/),
        headRepositoryId: expect.any(Number),
        baseRef: 'master',
        baseSha: expect.stringMatching(/^[0-9a-f]{40}$/),
        updatedAt: expect.any(Number),
      },
    })
  })

  it.each([
    [{ state: 'closed', merged: true }, 'merged'],
    [{ state: 'closed', merged_at: '2020-01-01T00:00:00Z', merged: undefined }, 'merged'],
    [{ state: 'closed', merged: false, merged_at: null }, 'closed'],
  ])('tells closed from merged: %o', (pull, state) => {
    const payload = exampleOf('pull_request', 'closed', { pull_request: pull })
    expect(only(toEvents('pull_request', payload))).toMatchObject({ pullRequest: { state } })
  })

  it('knows a fork that was deleted', () => {
    const payload = exampleOf('pull_request', 'synchronize', { pull_request: { head: { repo: null } } })
    expect(only(toEvents('pull_request', payload))).toMatchObject({ pullRequest: { headRepositoryId: null } })
  })

  it('maps a pressed button, and ignores one without an identifier', () => {
    const pressed = exampleOf('check_run', 'requested_action', {
      check_run: { external_id: 'abc234' },
      requested_action: { identifier: 'continue' },
    })
    expect(only(toEvents('check_run', pressed))).toMatchObject({
      externalId: 'abc234',
      optionId: 'continue',
      checkRunId: 1494503112,
      headSha: '5bd5f196a46b8222fb7484f05faba41a73cf34bd',
      sender: { login: 'codebytere' },
    })
    const empty = exampleOf('check_run', 'requested_action', { requested_action: null })
    expect(toEvents('check_run', empty)).toEqual({ kind: 'ignored', reason: 'no_option' })
  })
})

describe('toEvents for installations and repositories', () => {
  it('names what happened to the installation', () => {
    expect(only(toEvents('installation', exampleOf('installation', 'deleted')))).toMatchObject({
      action: 'deleted',
    })
    const removed = exampleOf('installation_repositories', 'removed')
    expect(only(toEvents('installation_repositories', removed))).toMatchObject({
      action: 'repositories_removed',
    })
  })

  it('shows a renamed repository with its new name', () => {
    const payload = exampleOf('repository', 'renamed')
    expect(only(toEvents('repository', payload))).toMatchObject({
      kind: 'repository_changed',
      action: 'renamed',
      repository: {
        name: Object(payload['repository']).name,
        repositoryId: Object(payload['repository']).id,
      },
    })
  })
})

describe('toEvents with broken payloads', () => {
  it('says which field is missing', () => {
    const payload = exampleOf('issue_comment', 'created', {
      comment: { node_id: undefined },
      repository: { id: 'x' },
    })
    expect(() => toEvents('issue_comment', payload)).toThrow(
      expect.objectContaining({
        code: 'PAYLOAD_UNREADABLE',
        details: { event: 'issue_comment', fields: ['repository.id', 'comment.node_id'] },
      }),
    )
  })

  it('maps, ignores or refuses whatever comes, and never breaks in another way', () => {
    const payloads = fc.oneof(
      fc.dictionary(fc.string(), fc.anything()),
      fc.record({
        installation: fc.anything(),
        action: fc.string(),
        repository: fc.anything(),
        comment: fc.anything(),
      }),
      // One field of a real payload replaced by anything.
      fc.tuple(fc.constantFrom(...EXAMPLES), fc.nat(), fc.anything()).map(([example, at, value]) => {
        const keys = Object.keys(example.payload)
        return { ...installed(example), [keys[at % keys.length] ?? 'action']: value }
      }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...HANDLED_EVENTS, 'ping', 'constructor'), payloads, (name, payload) => {
        try {
          expect(['events', 'ignored']).toContain(toEvents(name, payload).kind)
        } catch (error) {
          if (!isAppError(error, 'PAYLOAD_UNREADABLE')) throw error
        }
      }),
      { numRuns: 500 },
    )
  })
})
