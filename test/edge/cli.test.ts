import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/domain/errors/app-error.ts'
import { toBranchName } from '../../src/domain/ids.ts'
import { openApiDocument } from '../../src/edge/api/api-routes.ts'
import type { CliActions } from '../../src/edge/cli-actions.ts'
import { runCli } from '../../src/edge/cli.ts'
import type { InboxEntry } from '../../src/ports/inbox.ts'
import { decision, phaseRun, pipeline, session } from '../adapters/db/rows.ts'

const ENTRY: InboxEntry = {
  id: 3,
  deliveryId: '72d3162e-cc78-11e3-81ab-4c9367dc0958',
  event: 'issue_comment',
  action: 'created',
  installationId: 1,
  repositoryId: 2,
  body: '{"action":"created","text":"a\\u001b[2Jb\u202e"}',
  bodySha256: 'ab'.repeat(32),
  receivedAt: 1_700_000_000_000,
  status: 'dead',
  attempts: 8,
  reason: 'GITHUB_UNAVAILABLE: no answer',
  notBefore: 1_700_000_000_000,
}

/** What the running process answers when it says no. */
const REFUSED = { kind: 'refused', message: 'The token is unknown.', hint: 'Use another.' }

interface Run {
  readonly code: number
  readonly out: string
  readonly err: string
  readonly calls: readonly unknown[][]
}

/** Runs one line against actions that answer from a table and write down how they were called. */
async function run(
  line: string,
  answers: Partial<{ readonly [K in keyof CliActions]: unknown }> = {},
): Promise<Run> {
  const calls: unknown[][] = []
  let out = ''
  let err = ''
  const actions = new Proxy({} as CliActions, {
    get:
      (_target, name) =>
      async (...given: readonly unknown[]) => {
        calls.push([name, ...given])
        const answer: unknown = new Map<PropertyKey, unknown>(Object.entries(answers)).get(name)
        if (answer instanceof Error) throw answer
        return answer
      },
  })
  const code = await runCli(line.split(' ').filter(Boolean), {
    version: '1.2.3',
    actions,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  })
  return { code, out, err, calls }
}

describe('runCli', () => {
  it.each([
    ['start', ['start']],
    ['migrate', ['migrate']],
    ['inbox list', ['listDeliveries', { statuses: null, limit: 50 }]],
    [
      'inbox list --status dead pending --limit 7',
      ['listDeliveries', { statuses: ['dead', 'pending'], limit: 7 }],
    ],
    ['decisions list', ['listDecisions', 'open']],
    ['decisions list --all', ['listDecisions', 'all']],
    ['sessions list', ['listSessions', 'open']],
    ['backups list', ['listBackups', null]],
    ['backups list --session harbour-1', ['listBackups', 'harbour-1']],
  ])('does `%s` and ends with 0', async (line, call) => {
    const lists = {
      listDeliveries: [],
      listDecisions: [],
      listSessions: [],
      listBackups: [],
      migrate: 'file:x.db',
    }
    const { code, calls, err } = await run(line, lists)
    expect({ code, calls, err }).toEqual({ code: 0, calls: [call], err: '' })
  })

  it.each([
    '',
    'nonsense',
    'inbox',
    'inbox nonsense',
    'start --nonsense',
    'start extra',
    'inbox show',
    'inbox list --limit 0',
    'inbox list --limit x',
    'inbox list --status lost',
    'decisions answer abc234',
  ])('ends with 2 and shows the usage for `belay %s`, and does nothing', async (line) => {
    const { code, out, err, calls } = await run(line)
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain('Usage: belay')
    expect(calls).toEqual([])
  })

  it.each(['--help', '--version', 'inbox --help', 'help inbox'])(
    'ends with 0 for `belay %s`',
    async (line) => {
      const { code, out, err } = await run(line)
      expect({ code, err }).toEqual({ code: 0, err: '' })
      expect(out).not.toBe('')
    },
  )

  it('prints the OpenAPI document, and asks nobody for it', async () => {
    const { code, out, calls } = await run('openapi')
    expect([code, calls]).toEqual([0, []])
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(openApiDocument())))
  })

  it('lists every subcommand in its help', async () => {
    const { out } = await run('--help')
    expect(out).toMatchInlineSnapshot(`
      "Usage: belay [options] [command]

      Holds the rope for coding agents: keeps worktree and pull request in step, and
      asks a person when it matters.

      Options:
        -V, --version                 output the version number
        -h, --help                    display help for command

      Commands:
        start                         run the App: receive webhooks, work on pull
                                      requests, run agents
        migrate                       bring the database up to date and exit
        doctor [options]              check configuration, git, database and GitHub,
                                      and show what is stuck
        openapi                       print the OpenAPI document of the REST interface
        app-link [options] <address>  print a link to GitHub’s form for a new App,
                                      filled in as app.yml says
        inbox                         look at webhook deliveries, and repair what
                                      could not be handled
        decisions                     look at questions and answer them
        sessions                      look at sessions
        backups                       look at what was pinned before anything was
                                      discarded
        help [command]                display help for command

      Examples:
        belay start
        belay doctor
        belay inbox list --status dead
        belay decisions answer k7m2qx continue
        belay backups list --session rocket-1

      Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.

      "
    `)
  })

  it('ends with 2 for a faulty configuration and says everything that is wrong', async () => {
    const faults = ['APP_ID is not set; take it.', 'PORT is "x"; it must be a number.']
    const { code, err } = await run('start', { start: new AppError('CONFIG_INVALID', { faults }) })
    expect(code).toBe(2)
    expect(err).toMatchInlineSnapshot(`
      "Belay did nothing. 2 things are missing or wrong in its configuration:

        - APP_ID is not set; take it.
        - PORT is "x"; it must be a number.

      Settings are read from the environment and from .env in this folder; .env.example explains every one.
      "
    `)
  })

  it('ends with 1 for a failure and says what to do', async () => {
    const { code, err } = await run('start', {
      start: new AppError('DATABASE_IN_USE', { file: 'data/belay.db', pid: 12 }),
    })
    expect(code).toBe(1)
    expect(err).toMatchInlineSnapshot(`
      "Another Belay process (process id 12) already writes to data/belay.db. One process writes to one file.
      Stop the other process, or give this one its own DATABASE_URL and BELAY_HOME.
      (DATABASE_IN_USE)
      "
    `)
  })

  it('ends with 1 for a foreign failure, without secrets', async () => {
    const { code, out, err } = await run('migrate', {
      migrate: new Error('no ghs_0123456789abcdef0123456789 here'),
    })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toBe('Something went wrong inside Belay. Nothing was discarded.\nError: no [removed] here\n')
  })
})

describe('runCli with deliveries', () => {
  it('prints a table', async () => {
    const { out } = await run('inbox list', {
      listDeliveries: [ENTRY, { ...ENTRY, event: 'push', action: null, reason: null }],
    })
    expect(out).toMatchInlineSnapshot(`
      "DELIVERY                              RECEIVED              EVENT                  STATUS  TRIES  REASON
      72d3162e-cc78-11e3-81ab-4c9367dc0958  2023-11-14 22:13 UTC  issue_comment.created  dead    8      GITHUB_UNAVAILABLE: no answer
      72d3162e-cc78-11e3-81ab-4c9367dc0958  2023-11-14 22:13 UTC  push                   dead    8
      "
    `)
  })

  it('prints JSON that can be read back', async () => {
    const { out } = await run('inbox list --json', { listDeliveries: [ENTRY] })
    expect(JSON.parse(out)).toEqual([ENTRY])
  })

  it('shows one with its payload, which can not move the cursor', async () => {
    const { out, calls } = await run(`inbox show ${ENTRY.deliveryId}`, { findDelivery: ENTRY })
    expect(calls).toEqual([['findDelivery', ENTRY.deliveryId]])
    expect(out).not.toMatch(/[\u001b\u202e]/)
    expect(out).toMatchInlineSnapshot(`
      "delivery  72d3162e-cc78-11e3-81ab-4c9367dc0958
      event     issue_comment.created
      received  2023-11-14 22:13 UTC
      status    dead
      tries     8
      reason    GITHUB_UNAVAILABLE: no answer
      sha256    abababababababababababababababababababababababababababababababab

      {
        "action": "created",
        "text": "a\\u001b[2Jb�"
      }
      "
    `)
  })

  it.each([
    ['show x', { findDelivery: null }, 1, 'There is no delivery'],
    ['replay x', { replayDelivery: { kind: 'replayed' } }, 0, 'pending again'],
    ['replay x', { replayDelivery: { kind: 'already_pending' } }, 0, 'pending already'],
    ['replay x', { replayDelivery: { kind: 'not_found' } }, 1, 'There is no delivery'],
    ['drop x', { dropDelivery: { kind: 'dropped' } }, 0, 'is dropped'],
    ['drop x', { dropDelivery: { kind: 'already_finished' } }, 1, 'nothing to drop'],
    ['drop x', { dropDelivery: { kind: 'not_found' } }, 1, 'There is no delivery'],
    ['replay x', { replayDelivery: REFUSED }, 1, 'The token is unknown.\nUse another.'],
    ['drop x', { dropDelivery: REFUSED }, 1, 'The token is unknown.\nUse another.'],
  ])('says what came of `inbox %s`: %o', async (line, answers, code, words) => {
    const result = await run(`inbox ${line}`, answers)
    expect(result.code).toBe(code)
    expect(code === 0 ? result.out : result.err).toContain(words)
    expect(code === 0 ? result.err : result.out).toBe('')
  })
})

describe('runCli with decisions, sessions and pins', () => {
  it('prints questions', async () => {
    const { out } = await run('decisions list', {
      listDecisions: [
        decision(),
        decision({ id: 'xyz789', status: 'resolved', answer: 'abort', answeredBy: 'ada' }),
      ],
    })
    expect(out).toMatchInlineSnapshot(`
      "ID      SESSION    PR  QUESTION                STATUS                  OPTIONS  ASKED
      abc234  harbour-1  #5  sync_blocked:implement  pending                 abort    1970-01-01 00:00 UTC
      xyz789  harbour-1  #5  sync_blocked:implement  resolved: abort by ada  abort    1970-01-01 00:00 UTC
      "
    `)
  })

  it.each([
    [
      { kind: 'accepted', option: 'continue', isOpen: false },
      0,
      'Question abc234 is answered with continue.',
    ],
    [{ kind: 'accepted', option: 'rescue', isOpen: true }, 0, 'question abc234 stays open.'],
    [{ kind: 'queued' }, 0, 'The answer to abc234 is stored'],
    [
      { kind: 'refused', message: 'It was answered.', hint: 'Nothing to do.' },
      1,
      'It was answered.\nNothing to do.',
    ],
  ])('says what came of an answer: %o', async (answerDecision, code, words) => {
    const { calls, ...result } = await run('decisions answer abc234 continue', { answerDecision })
    expect(calls).toEqual([
      ['answerDecision', { decisionId: 'abc234', answer: 'continue', pipelineId: null }],
    ])
    expect(result.code).toBe(code)
    expect(result.out + result.err).toContain(words)
  })

  it('passes the pipeline on', async () => {
    const { calls } = await run('decisions answer abc234 continue --pipeline p.1', {
      answerDecision: { kind: 'queued' },
    })
    expect(calls).toMatchObject([['answerDecision', { pipelineId: 'p.1' }]])
  })

  it('prints sessions, and one with what ran in it', async () => {
    expect((await run('sessions list', { listSessions: [session()] })).out).toMatchInlineSnapshot(`
      "SESSION    STATE  PR  BRANCH  AGENT     STARTED BY  SINCE
      harbour-1  live   #5  crane   scripted  ada         1970-01-01 00:00 UTC
      "
    `)
    const failure = { code: 'hard_reset_recovery', detail: '' } as const
    const phases = [phaseRun({ status: 'failed', failure })]
    const findSession = {
      session: session({ branch: toBranchName('crane') }),
      pipelines: [{ ...pipeline({ status: 'failed', failure }), phases }],
      decisions: [decision()],
    }
    expect((await run('sessions show harbour-1', { findSession })).out).toMatchInlineSnapshot(`
      "session       harbour-1
      state         live
      pull request  #5
      branch        crane onto main
      agent         scripted
      started by    ada
      runner        runner-a
      last synced   -

      PIPELINE     PHASE      STATUS  FAILURE              EPOCH
      harbour-1.1             failed  hard_reset_recovery  1
      harbour-1.1  implement  failed  hard_reset_recovery

      ID      SESSION    PR  QUESTION                STATUS   OPTIONS  ASKED
      abc234  harbour-1  #5  sync_blocked:implement  pending  abort    1970-01-01 00:00 UTC
      "
    `)
    expect(await run('sessions show x', { findSession: null })).toMatchObject({ code: 1, out: '' })
  })

  it('reports what the doctor found and fails when something is bad', async () => {
    const good = { check: 'git', verdict: 'good', detail: 'git 2.47' }
    const bad = { check: 'database', verdict: 'bad', detail: 'Not writable; check the permissions of data/.' }
    expect(await run('doctor', { doctor: [good] })).toMatchObject({ code: 0 })
    const { code, out } = await run('doctor', { doctor: [good, bad] })
    expect(code).toBe(1)
    expect(out).toMatchInlineSnapshot(`
      "git       ok       git 2.47
      database  FAILED   Not writable; check the permissions of data/.

      One check failed.
      "
    `)
    expect(await run('doctor --json', { doctor: [bad] })).toMatchObject({ code: 1 })
  })
})
