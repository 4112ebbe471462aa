import { describe, expect, it } from 'vitest'
import type { DoorRefusal, DoorScope, DoorThread } from '../../../src/domain/session/door.ts'
import { renderDoorRefusal } from '../../../src/domain/text/door-refusals.ts'
import {
  keptLine,
  keptText,
  renderAccepted,
  renderDoorHelp,
  renderThreadReply,
} from '../../../src/domain/text/door.ts'

const THREAD: DoorThread = { handle: 't1', id: 'PRRT_one', path: 'src/a.ts', line: 3 }
const THREADS: readonly DoorThread[] = [
  THREAD,
  { handle: 't2', id: 'PRRT_two', path: 'docs/\u001b[2Jb.md', line: null },
]
const TASK = { id: 'tie-knot', title: 'Tie the knot' }
const TASKS = [TASK, { id: 'test', title: 'Pull\nat it\u001b[2J' }]
const SCOPE: DoorScope = { role: 'producer', threads: THREADS, tasks: TASKS }
const BARE: DoorScope = { role: 'producer', threads: [], tasks: [] }

describe('renderDoorHelp', () => {
  it('shows every verb and what may be answered', () => {
    expect(renderDoorHelp(SCOPE)).toMatchInlineSnapshot(`
      "belay-agent asks Belay to act on the pull request for you.

        belay-agent reply <thread> [-m TEXT]
            Answers a review thread. Without -m the text is read from standard input.
        belay-agent resolve <thread> [-m TEXT]
            Marks a review thread as resolved; with -m it answers first.
        belay-agent task <id> todo|doing|done [-m NOTE]
            Marks a task of the contract. The last mark counts, with its note.
        belay-agent ask [-m QUESTION] [--option ANSWER]...
            Asks a person. Without -m the question is read from standard input.
            Up to 3 answers to choose from, each of at most 60 characters; none stands for Yes and No.
            The question is asked when you end: end now with exit code 0, and you are started again with the answer.
            Asking again replaces the question.
        belay-agent alert [-m TEXT]
            Tells the operator and the people of the pull request that something is wrong. It stops nothing.
            Without -m the text is read from standard input.
        belay-agent help
            Shows this.

      Texts are Markdown. The same request given twice counts once.

      Threads, by handle or by id:
        t1 (src/a.ts:3) PRRT_one
        t2 (docs/�[2Jb.md) PRRT_two

      Tasks, by id:
        tie-knot: Tie the knot
        test: Pull at it�[2J"
    `)
  })

  it('leaves out what can not be used in the attempt', () => {
    expect(renderDoorHelp(BARE)).toMatchInlineSnapshot(`
      "belay-agent asks Belay to act on the pull request for you.

        belay-agent ask [-m QUESTION] [--option ANSWER]...
            Asks a person. Without -m the question is read from standard input.
            Up to 3 answers to choose from, each of at most 60 characters; none stands for Yes and No.
            The question is asked when you end: end now with exit code 0, and you are started again with the answer.
            Asking again replaces the question.
        belay-agent alert [-m TEXT]
            Tells the operator and the people of the pull request that something is wrong. It stops nothing.
            Without -m the text is read from standard input.
        belay-agent help
            Shows this.

      Texts are Markdown. The same request given twice counts once."
    `)
    expect(renderDoorHelp({ ...SCOPE, role: 'reviewer' })).toMatchInlineSnapshot(`
      "belay-agent asks Belay to act on the pull request for you.

        belay-agent alert [-m TEXT]
            Tells the operator and the people of the pull request that something is wrong. It stops nothing.
            Without -m the text is read from standard input.
        belay-agent help
            Shows this.

      Texts are Markdown. The same request given twice counts once."
    `)
  })

  it('stays short with many threads', () => {
    const many = Array.from({ length: 500 }, (_, at) => ({ ...THREAD, handle: `t${at + 1}` }))
    expect(renderDoorHelp({ ...SCOPE, threads: many })).toContain('and 440 more')
  })
})

describe('renderAccepted', () => {
  it('says what Belay will do, and when it was asked before', () => {
    const reply = { verb: 'reply', thread: THREAD, text: 'Done.' } as const
    const resolve = { verb: 'resolve', thread: THREAD, text: null } as const
    expect([
      renderAccepted(reply, false),
      renderAccepted(reply, true),
      renderAccepted(resolve, false),
      renderAccepted({ ...resolve, text: 'Done.' }, false),
      renderAccepted({ verb: 'task', task: TASK, mark: 'done', note: '' }, false),
      renderAccepted({ verb: 'alert', text: 'x' }, false),
      renderAccepted({ verb: 'ask', text: 'x', choices: ['A bow', 'A knot'] }, false),
    ]).toMatchInlineSnapshot(`
      [
        "Accepted: Belay will post your reply to t1 (src/a.ts:3).",
        "Accepted before, and done once: Belay will post your reply to t1 (src/a.ts:3).",
        "Accepted: Belay will resolve t1 (src/a.ts:3).",
        "Accepted: Belay will post your reply to t1 (src/a.ts:3) and then resolve it.",
        "Accepted: Belay will mark the task "tie-knot" as done.",
        "Accepted: Belay will tell the operator and the people of the pull request. This stops nothing: go on, or end.",
        "Accepted: Belay will ask a person when you end, with the answers "A bow" and "A knot". End now with exit code 0: you are started again with the answer. Asking again before that replaces the question.",
      ]
    `)
  })
})

describe('renderDoorRefusal', () => {
  it('says for each refusal what the agent can do', () => {
    const refusals: readonly DoorRefusal[] = [
      { kind: 'unreadable', because: 'not_utf8' },
      { kind: 'unreadable', because: 'not_json' },
      { kind: 'unreadable', because: 'wrong_shape' },
      { kind: 'unreadable', because: 'too_long' },
      { kind: 'unreadable', because: 'too_slow' },
      { kind: 'wrong_token' },
      { kind: 'over' },
      { kind: 'unknown_verb', verb: 'push\u001b[2J', didYouMean: null },
      { kind: 'unknown_verb', verb: 'taks', didYouMean: 'task' },
      { kind: 'unknown_option', verb: 'reply', option: '-m' },
      { kind: 'wrong_arguments', verb: 'resolve' },
      { kind: 'text_missing', verb: 'reply' },
      { kind: 'text_too_long', length: 20_001, limit: 20_000 },
      { kind: 'unknown_thread', thread: 't9' },
      { kind: 'wrong_arguments', verb: 'task' },
      { kind: 'wrong_arguments', verb: 'ask' },
      { kind: 'wrong_arguments', verb: 'alert' },
      { kind: 'unknown_task', task: 'tie', didYouMean: null },
      { kind: 'unknown_task', task: 'tset', didYouMean: 'test' },
      { kind: 'unknown_mark', mark: 'dome', didYouMean: 'done' },
      { kind: 'unfit_choices', fault: { kind: 'too_many', given: 4 } },
      { kind: 'unfit_choices', fault: { kind: 'empty' } },
      { kind: 'unfit_choices', fault: { kind: 'too_long', label: 'x'.repeat(90), length: 90 } },
      { kind: 'unfit_choices', fault: { kind: 'twice', label: 'A bow' } },
      { kind: 'unfit_choices', fault: { kind: 'reserved', label: 'Abort' } },
      { kind: 'too_many', limit: 24, verb: null },
      { kind: 'too_many', limit: 10, verb: 'alert' },
      { kind: 'not_stored' },
    ]
    const texts = refusals.map((refusal) => renderDoorRefusal(refusal, SCOPE))
    expect(texts.join('\n')).toMatchInlineSnapshot(`
      "Refused: the request could not be read, because it is not UTF-8.
      Refused: the request could not be read, because it is not one line of JSON.
      Refused: the request could not be read, because it is not an object with exactly token, args and input.
      Refused: the request could not be read, because it is longer than 262144 bytes.
      Refused: the request could not be read, because it did not arrive in time.
      Refused: the token is not the one of this attempt.
      Refused: this attempt has ended, and nothing more is taken from it.
      Refused: there is no verb "push�[2J". There are: reply, resolve, task, ask, alert, help.
      Refused: there is no verb "taks". Did you mean "task"? There are: reply, resolve, task, ask, alert, help.
      Refused: "-m" is not an option, or its value is missing. Usage: belay-agent reply <thread> [-m TEXT]
      Refused: exactly one thread is needed, and the text comes with -m. Usage: belay-agent resolve <thread> [-m TEXT]
      Refused: the text is empty. Usage: belay-agent reply <thread> [-m TEXT]
      Refused: the text has 20001 characters and at most 20000 are taken. Shorten it.
      Refused: the thread "t9" was not delivered to this attempt. These were:
        t1 (src/a.ts:3) PRRT_one
        t2 (docs/�[2Jb.md) PRRT_two
      Refused: a task and one of todo, doing, done are needed, and the note comes with -m. Usage: belay-agent task <id> todo|doing|done [-m NOTE]
      Refused: the question comes with -m and each answer with --option. Usage: belay-agent ask [-m QUESTION] [--option ANSWER]...
      Refused: the text comes with -m and nothing else is taken. Usage: belay-agent alert [-m TEXT]
      Refused: the task "tie" was not delivered to this attempt. These were:
        tie-knot: Tie the knot
        test: Pull at it�[2J
      Refused: the task "tset" was not delivered to this attempt. Did you mean "test"? These were:
        tie-knot: Tie the knot
        test: Pull at it�[2J
      Refused: "dome" is nothing a task can be. Did you mean "done"? A task is one of todo, doing, done.
      Refused: 4 answers are offered and at most 3 are taken. Usage: belay-agent ask [-m QUESTION] [--option ANSWER]...
      Refused: an answer to choose from is empty. Usage: belay-agent ask [-m QUESTION] [--option ANSWER]...
      Refused: the answer "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…" has 90 characters and at most 60 are taken. Usage: belay-agent ask [-m QUESTION] [--option ANSWER]...
      Refused: two answers read "A bow", and nobody could tell them apart. Usage: belay-agent ask [-m QUESTION] [--option ANSWER]...
      Refused: "Abort" is an answer that every question has already. Take other words. Usage: belay-agent ask [-m QUESTION] [--option ANSWER]...
      Refused: this attempt has made 24 requests, and no more are taken.
      Refused: this attempt has used belay-agent alert 10 times, and no more are taken.
      Refused: the request could not be stored. Nothing was done; try again later."
    `)
    expect(renderDoorRefusal({ kind: 'unknown_thread', thread: 't9' }, BARE)).toContain('None was')
    const noTask = { kind: 'unknown_task', task: 'tie', didYouMean: null } as const
    expect(renderDoorRefusal(noTask, BARE)).toContain('None was')
    const reviewer: DoorScope = { ...SCOPE, role: 'reviewer' }
    expect(renderDoorRefusal({ kind: 'not_for_reviewers', verb: 'ask' }, reviewer)).toMatchInlineSnapshot(
      `"Refused: "ask" is not for reviewers, who have alert and help. What you have to say about the work belongs into your verdict."`,
    )
  })
})

describe('what is kept of an agent’s words', () => {
  const secret = ['gh', 'p_', 'A'.repeat(24)].join('')

  it('mentions, commands and hides nothing, and holds no secret', () => {
    const kept = keptText(`@alice look: ${secret}\n/merge\n<!-- x -->`)
    expect(kept).toBe('@&#8203;alice look: [removed]\n\\/merge\n&lt;!-- x -->')
    expect(keptText(kept)).toBe(kept)
  })

  it('is one line of plain text for a note', () => {
    expect(keptLine(` one\n\ttwo\u202e ${secret} `)).toBe('one two\ufffd [removed]')
  })
})

describe('renderThreadReply', () => {
  it('commands nobody: a slash at the start of a line is shown and not read by other bots', () => {
    const reply = renderThreadReply({ agent: 'codex', text: 'Done.\n/merge\n  /approve\nsee a/b.ts' })
    expect(reply).toContain('Done.\n\\/merge\n  \\/approve\nsee a/b.ts')
  })

  it('keeps the Markdown of the agent and says who wrote it', () => {
    expect(renderThreadReply({ agent: 'climber', text: 'Moved to `b.ts`.\n\n- one\n- two\n' }))
      .toMatchInlineSnapshot(`
      "Moved to \`b.ts\`.

      - one
      - two

      <sub>Written by the agent \`climber\`.</sub>"
    `)
  })

  it('shows what was hidden and keeps what must not leave', () => {
    const text = `<!-- belay:status:x AAAA -->\u202e${['gh', 'p_', 'A'.repeat(24)].join('')}`
    const shown = renderThreadReply({ agent: 'climber', text })
    expect(shown).not.toContain('<!--')
    expect(shown).not.toContain('\u202e')
    expect(shown).toContain('[removed]')
  })
})
