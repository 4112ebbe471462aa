import { describe, expect, it } from 'vitest'
import type { DoorRefusal, DoorThread } from '../../../src/domain/session/door.ts'
import {
  renderAccepted,
  renderDoorHelp,
  renderDoorRefusal,
  renderThreadReply,
} from '../../../src/domain/text/door.ts'

const THREAD: DoorThread = { handle: 't1', id: 'PRRT_one', path: 'src/a.ts', line: 3 }
const THREADS = [THREAD, { handle: 't2', id: 'PRRT_two', path: 'docs/\u001b[2Jb.md', line: null }]

describe('renderDoorHelp', () => {
  it('shows every verb and what may be answered', () => {
    expect(renderDoorHelp(THREADS)).toMatchInlineSnapshot(`
      "belay-agent asks Belay to act on the pull request for you.

        belay-agent reply <thread> [-m TEXT]
            Answers a review thread. Without -m the text is read from standard input.
        belay-agent resolve <thread> [-m TEXT]
            Marks a review thread as resolved; with -m it answers first.
        belay-agent help
            Shows this.

      Texts are Markdown. The same reply to the same thread counts once.

      Threads, by handle or by id:
        t1 (src/a.ts:3) PRRT_one
        t2 (docs/�[2Jb.md) PRRT_two"
    `)
    expect(renderDoorHelp([])).toContain('No review thread was delivered to this attempt')
  })

  it('stays short with many threads', () => {
    const many = Array.from({ length: 500 }, (_, at) => ({ ...THREAD, handle: `t${at + 1}` }))
    expect(renderDoorHelp(many)).toContain('and 440 more')
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
    ]).toMatchInlineSnapshot(`
      [
        "Accepted: Belay will post your reply to t1 (src/a.ts:3).",
        "Accepted before, and done once: Belay will post your reply to t1 (src/a.ts:3).",
        "Accepted: Belay will resolve t1 (src/a.ts:3).",
        "Accepted: Belay will post your reply to t1 (src/a.ts:3) and then resolve it.",
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
      { kind: 'unknown_verb', verb: 'push\u001b[2J' },
      { kind: 'unknown_option', verb: 'reply', option: '-m' },
      { kind: 'wrong_arguments', verb: 'resolve' },
      { kind: 'text_missing', verb: 'reply' },
      { kind: 'text_too_long', length: 20_001, limit: 20_000 },
      { kind: 'unknown_thread', thread: 't9' },
      { kind: 'too_many', limit: 24 },
      { kind: 'not_stored' },
    ]
    const texts = refusals.map((refusal) => renderDoorRefusal(refusal, THREADS))
    expect(texts.join('\n')).toMatchInlineSnapshot(`
      "Refused: the request could not be read, because it is not UTF-8.
      Refused: the request could not be read, because it is not one line of JSON.
      Refused: the request could not be read, because it is not an object with exactly token, args and input.
      Refused: the request could not be read, because it is longer than 262144 bytes.
      Refused: the request could not be read, because it did not arrive in time.
      Refused: the token is not the one of this attempt.
      Refused: this attempt has ended, and nothing more is taken from it.
      Refused: there is no verb "push�[2J". There are: reply, resolve, help.
      Refused: "-m" is not an option, or its value is missing. Usage: belay-agent reply <thread> [-m TEXT]
      Refused: exactly one thread is needed, and the text comes with -m. Usage: belay-agent resolve <thread> [-m TEXT]
      Refused: the text is empty. Usage: belay-agent reply <thread> [-m TEXT]
      Refused: the text has 20001 characters and at most 20000 are taken. Shorten it.
      Refused: the thread "t9" was not delivered to this attempt. These were:
        t1 (src/a.ts:3) PRRT_one
        t2 (docs/�[2Jb.md) PRRT_two
      Refused: this attempt has made 24 requests, and no more are taken.
      Refused: the request could not be stored. Nothing was done; try again later."
    `)
    expect(renderDoorRefusal({ kind: 'unknown_thread', thread: 't9' }, [])).toContain('None was')
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
