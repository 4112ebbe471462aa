import { describe, expect, it } from 'vitest'
import type { DoorThread } from '../../../src/domain/session/door.ts'
import { identifyAsk } from '../../../src/domain/session/identify-ask.ts'
import type { DoorAsk } from '../../../src/domain/session/read-door-call.ts'

const ONE: DoorThread = { handle: 't1', id: 'PRRT_one', path: 'src/a.ts', line: 3 }
const TWO: DoorThread = { handle: 't2', id: 'PRRT_two', path: 'src/b.ts', line: null }
const TIE = { id: 'tie', title: 'Tie it' }

const same = (text: string): string => text
const idOf = (ask: DoorAsk): string => identifyAsk(ask, same).requestId
const replyTo = (thread: DoorThread, text: string): string => idOf({ verb: 'reply', thread, text })

describe('identifyAsk', () => {
  it('is another one for everything that differs', () => {
    const asks: readonly DoorAsk[] = [
      { verb: 'reply', thread: ONE, text: 'Done.' },
      { verb: 'reply', thread: TWO, text: 'Done.' },
      { verb: 'reply', thread: ONE, text: 'Done' },
      { verb: 'resolve', thread: ONE, text: null },
      { verb: 'resolve', thread: ONE, text: 'Done.' },
      { verb: 'task', task: TIE, mark: 'done', note: '' },
      { verb: 'task', task: TIE, mark: 'doing', note: '' },
      { verb: 'task', task: TIE, mark: 'done', note: 'Holds.' },
      { verb: 'task', task: { id: 'test', title: 'Tie it' }, mark: 'done', note: '' },
      { verb: 'alert', text: 'Done.' },
      { verb: 'alert', text: 'Done' },
      { verb: 'ask', text: 'Done.', choices: ['Yes', 'No'] },
      { verb: 'ask', text: 'Done', choices: ['Yes', 'No'] },
      { verb: 'ask', text: 'Done.', choices: ['No', 'Yes'] },
      { verb: 'ask', text: 'Done.', choices: ['Yes'] },
    ]
    expect(new Set(asks.map(idOf)).size).toBe(asks.length)
    expect(asks.map(idOf)).toEqual(structuredClone(asks).map(idOf))
  })

  it('does not depend on how a thread or a task is shown', () => {
    expect(replyTo(ONE, 'Done.')).toBe(replyTo({ ...ONE, handle: 't9', line: 4 }, 'Done.'))
    const mark = { verb: 'task', mark: 'done', note: '' } as const
    expect(idOf({ ...mark, task: TIE })).toBe(idOf({ ...mark, task: { ...TIE, title: 'Knot' } }))
  })

  it('names the text of a resolve as it names that of a reply, so that both are one reply', () => {
    const reply = identifyAsk({ verb: 'reply', thread: ONE, text: 'Done.' }, same).request
    const resolve = identifyAsk({ verb: 'resolve', thread: ONE, text: 'Done.' }, same).request
    expect(resolve).toMatchObject({ text: (reply as Extract<typeof reply, { verb: 'reply' }>).text })
  })

  it('knows what has a last word: each task, and the question', () => {
    const subjects = (
      [
        { verb: 'reply', thread: ONE, text: 'x' },
        { verb: 'resolve', thread: ONE, text: null },
        { verb: 'alert', text: 'x' },
        { verb: 'task', task: TIE, mark: 'todo', note: '' },
        { verb: 'ask', text: 'x', choices: ['Yes'] },
      ] satisfies readonly DoorAsk[]
    ).map((ask) => identifyAsk(ask, same).subject)
    expect(subjects).toEqual([null, null, null, 'task:tie', 'question'])
  })
})
