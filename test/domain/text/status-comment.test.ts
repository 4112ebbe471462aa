import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConfigFault } from '../../../src/domain/config/repository-config.ts'
import type { Backup, Failure } from '../../../src/domain/records.ts'
import { renderStatus } from '../../../src/domain/text/status-comment.ts'
import { foreignText } from './hostile.ts'
import {
  attempt,
  backup,
  decision,
  NOON,
  phase,
  pipeline,
  project,
  session,
  sha,
  statusFacts,
  syncOperation,
} from './samples.ts'
import { dangersOf, shapeOf } from './structure.ts'

const FAULT: ConfigFault = { line: 3, column: 14, path: 'phases[0].timeout', message: 'not a duration' }
const EXITED = { status: 'failed', exit: { kind: 'exited', code: 3 }, endedAt: NOON + 95_000 } as const

describe('renderStatus', () => {
  it('shows an agent at work, and everything there is to know', () => {
    const facts = statusFacts({
      session: session({ remoteMoved: { sha: sha('4'), by: 'bob' } }),
      project: project({ configFaults: [FAULT] }),
      phases: [
        phase({ id: 'p0', name: 'plan', status: 'complete', result: 'no_changes' }),
        phase({ position: 1, leftOut: [{ path: '.env', reason: 'secret_like' }] }),
      ],
      attempts: [
        attempt({
          id: 'a0',
          phaseRunId: 'p0',
          status: 'succeeded',
          exit: { kind: 'exited', code: 0 },
          endedAt: NOON,
        }),
        attempt({ id: 'a1', ...EXITED }),
        attempt({ id: 'a2', startedAt: NOON + 120_000 }),
      ],
      lastSync: syncOperation(),
      pins: [
        backup({ reason: 'left_out' }),
        backup({ push: 'refused', rescueBranch: 'belay/rescue/rocket-1-1' }),
      ],
    })
    expect(renderStatus(facts)).toMatchInlineSnapshot(`
      "**\`claude-code\` works on phase \`implement\`**, attempt 2, since 2025-01-31 12:02 UTC. Nothing is needed from you.

      \`bob\` pushed \`4444444\` to \`feature\` while the agent works. Belay syncs when the attempt ends.

      | Phase | Status | Attempts | Last attempt |
      | --- | --- | --- | --- |
      | \`plan\` | complete, no changes | 1 | ended well after 0 s |
      | \`implement\` | running | 2 | under way |

      |  |  |
      | --- | --- |
      | Session | \`rocket-1\` |
      | Branch | \`feature\` into \`main\` |
      | Agent | \`claude-code\` |
      | Started | by \`alice\` at 2025-01-31 12:00 UTC |
      | Last sync | 2025-01-31 12:00 UTC: The worktree was moved forward to the remote branch. |

      **Not committed.** These files of the worktree were left out. They are pinned, unless the table says otherwise.

      | File | Why |
      | --- | --- |
      | \`.env\` | looks like a secret |

      <details><summary>Pins (2)</summary>

      | Refs below | Head | Where | Made |
      | --- | --- | --- | --- |
      | \`refs/belay/backup/rocket-1/1738324800000000000-k3m9\` | \`2222222\` | runner, branch \`belay/rescue/rocket-1-1\` | 2025-01-31 12:00 UTC |
      | \`refs/belay/backup/rocket-1/1738324800000000000-k3m9\` | \`2222222\` | GitHub and runner | 2025-01-31 12:00 UTC |

      </details>

      **\`.github/belay.yml\` has faults.** Until they are corrected, the last good configuration counts, or the defaults when there never was one.

      - Line 3, column 14 \`phases[0].timeout\`: not a duration

      <sub>\`/belay status\` refreshes this comment, \`/belay help\` lists what you can do.</sub>"
    `)
  })

  it('asks for the answer first when a question is open', () => {
    const facts = statusFacts({
      openDecision: decision(),
      pipeline: pipeline({ status: 'failed' }),
      attempts: [],
    })
    expect(firstLine(facts)).toBe(
      '**An answer is needed** to question `k3m9qx` below. Nothing runs until somebody answers.',
    )
  })

  it('says in its first line what is going on', () => {
    const complete = pipeline({ status: 'complete' })
    const spawning = session({ state: 'spawning' })
    const situations = {
      preparing: statusFacts({ pipeline: null, session: spawning, phases: [], attempts: [] }),
      pending: statusFacts({ pipeline: pipeline({ status: 'pending' }), attempts: [] }),
      betweenSteps: statusFacts({ attempts: [attempt(EXITED)] }),
      changed: statusFacts({ pipeline: complete, phases: [phase({ result: 'changed' })] }),
      nothingChanged: statusFacts({ pipeline: complete, phases: [phase({ result: 'no_changes' })] }),
      failed: statusFacts({ pipeline: pipeline({ status: 'failed' }) }),
      cancelled: statusFacts({ pipeline: pipeline({ status: 'cancelled' }) }),
      stopped: statusFacts({ session: session({ state: 'stopped' }) }),
      closed: statusFacts({ session: session({ state: 'closed' }) }),
    }
    const lines = Object.entries(situations).map(([name, facts]) => [name, firstLine(facts)])
    expect(Object.fromEntries(lines)).toMatchInlineSnapshot(`
      {
        "betweenSteps": "**Belay takes phase \`implement\` to its next step.** Nothing is needed from you.",
        "cancelled": "**The pipeline was cancelled.** Nothing runs.",
        "changed": "**\`claude-code\` is done, and its commits are on \`feature\`.** Please review them.",
        "closed": "**The session is over.** Nothing runs.",
        "failed": "**Phase \`implement\` failed.** Somebody has to look at it.",
        "nothingChanged": "**\`claude-code\` is done and changed nothing.** Nothing was committed or pushed.",
        "pending": "**Belay prepares the worktree for \`claude-code\`.** Nothing is needed from you.",
        "preparing": "**Belay prepares the worktree for \`claude-code\`.** Nothing is needed from you.",
        "stopped": "**The session was stopped.** Nothing runs; everything it made is kept.",
      }
    `)
  })

  it('explains every failure, what is kept, and what to do', () => {
    const order: Record<Failure['code'], number> = {
      agent_failed: 1,
      workspace_failed: 2,
      hard_reset_recovery: 3,
      divergence_reconcile_unacked: 4,
      backup_failed: 5,
      branch_gone: 6,
      sync_blocked: 7,
      cancelled_by_person: 8,
      session_stopped: 9,
      internal: 10,
      empty_contract: 11,
      consensus_stalled: 12,
      agent_question: 13,
      question_expired: 14,
    }
    const codes = Object.keys(order) as Failure['code'][]
    const texts = codes.map((code) => {
      const failed = pipeline({ status: 'failed', failure: { code, detail: 'The detail.' } })
      const body = renderStatus(statusFacts({ pipeline: failed, phases: [] }))
      return body.slice(body.indexOf('\n\n') + 2, body.indexOf('\n\n|  |'))
    })
    expect(texts.join('\n\n====\n\n')).toMatchInlineSnapshot(`
      "The agent did not end well, also after the allowed restarts. What it left in the worktree is kept and was not pushed.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request. When none is open any more, this runs the phase again:

      \`\`\`text
      /belay retry
      \`\`\`

      ====

      Repositories and worktree for this session could not be made. Nothing was changed on the branch.

      \`\`\`text
      The detail.
      \`\`\`

      When the reason is gone, start again.

      \`\`\`text
      /belay run
      \`\`\`

      ====

      The branch diverged from the worktree and a person has to decide. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request.

      ====

      The branch diverged from the worktree, which was left as it is, and a person has to decide. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request.

      ====

      The pin could not be put on the remote and a person has to decide. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request.

      ====

      The branch is gone from the remote and a person has to decide. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request.

      ====

      The worktree could not be synced and a person has to decide. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request.

      ====

      The pipeline was aborted by a person. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      The first line runs the phase again. The second ends the session, so that a new one can start from the branch as it is now.

      \`\`\`text
      /belay retry
      /belay stop
      \`\`\`

      ====

      The session was stopped. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      To start a new session from the branch as it is now:

      \`\`\`text
      /belay run
      \`\`\`

      ====

      Something broke inside Belay, and trying again did not help. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      The operator finds the cause in the log. To try again:

      \`\`\`text
      /belay run
      \`\`\`

      ====

      The plan holds no tasks and a person has to decide. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request.

      ====

      Reviewers and agent do not agree and a person has to decide. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request.

      ====

      The agent asks something that a person has to decide. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      Answer the question on this pull request.

      ====

      Nobody answered the question in the time that the repository allows, so the pipeline was cancelled. The worktree and every pin are kept.

      \`\`\`text
      The detail.
      \`\`\`

      To run the phase again:

      \`\`\`text
      /belay retry
      \`\`\`"
    `)
  })

  it('says of leftovers only what is true of their pin', () => {
    const leftOut = [
      { path: '.env', reason: 'secret_like' },
      { path: 'vendor/tool', reason: 'nested_repository' },
      { path: 'locked.bin', reason: 'unreadable' },
    ] as const
    const pinned = (pins: readonly Backup[]): string => {
      const body = renderStatus(statusFacts({ phases: [phase({ leftOut })], pins }))
      return body.slice(body.indexOf('**Not committed.**')).split('\n\n<')[0] ?? ''
    }
    expect(pinned([backup({ reason: 'left_out' })])).toMatchInlineSnapshot(`
      "**Not committed.** These files of the worktree were left out. They are pinned, unless the table says otherwise.

      | File | Why |
      | --- | --- |
      | \`.env\` | looks like a secret |
      | \`vendor/tool\` | a git repository of its own; what is in it is in no pin |
      | \`locked.bin\` | could not be read; it is in no pin |"
    `)
    const unpinned =
      '**Not committed.** These files of the worktree were left out. They could not all be pinned'
    expect(pinned([])).toContain(unpinned)
    expect(pinned([backup()])).toContain(unpinned)
    expect(pinned([backup({ reason: 'left_out', createdAt: NOON - 1 })])).toContain(unpinned)
  })

  it('mentions nobody, keeps its shape and stays harmless whatever foreign text it carries', () => {
    const benign = shapeOf(rendered('plain'))
    fc.assert(
      fc.property(foreignText(), (foreign) => {
        const text = foreign.replace(/\\+\|/gu, '/')
        expect(dangersOf(rendered(text))).toEqual([])
        expect(shapeOf(rendered(text))).toEqual(benign)
      }),
      { numRuns: 30 },
    )
  })

  it('fits into a comment when everything is as long as it can be', () => {
    const long = 'x`'.repeat(3000)
    const many = <T>(item: T): readonly T[] => Array.from({ length: 300 }, () => item)
    const facts = statusFacts({
      project: project({ configFaults: many({ ...FAULT, message: long, path: long }) }),
      phases: [phase({ leftOut: many({ path: long, reason: 'too_large' }) })],
      pins: many(backup()),
      pipeline: pipeline({ status: 'failed', failure: { code: 'agent_failed', detail: long } }),
    })
    expect(renderStatus(facts).length).toBeLessThan(60_000)
  })
})

function firstLine(facts: Parameters<typeof renderStatus>[0]): string | undefined {
  return renderStatus(facts).split('\n')[0]
}

/** A status in which every text that people or git can write is the given one. */
function rendered(text: string): string {
  return renderStatus(
    statusFacts({
      session: session({
        startedBy: text,
        baseRef: text,
        agent: text,
        remoteMoved: { sha: sha('4'), by: text },
      }),
      project: project({ configFaults: [{ ...FAULT, message: text, path: text, hint: text }] }),
      phases: [phase({ name: text, leftOut: [{ path: text, reason: 'too_large' }] })],
      attempts: [attempt({ exit: { kind: 'spawn_failed', reason: text }, status: 'failed', endedAt: NOON })],
      pipeline: pipeline({
        currentPhase: text,
        status: 'failed',
        failure: { code: 'agent_failed', detail: `x ${text}` },
      }),
    }),
  )
}
