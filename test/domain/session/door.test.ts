import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DOOR_VERBS,
  identifyAsk,
  mostDoorRequests,
  parseDoorLine,
  readDoorCall,
  type DoorReading,
  type DoorThread,
} from '../../../src/domain/session/door.ts'

const ONE: DoorThread = { handle: 't1', id: 'PRRT_one', path: 'src/a.ts', line: 3 }
const TWO: DoorThread = { handle: 't2', id: 'PRRT_two', path: 'src/b.ts', line: null }
const THREADS = [ONE, TWO]

function read(args: readonly string[], input: string | null = null): DoorReading {
  return readDoorCall({ args: [...args], input }, THREADS)
}

describe('parseDoorLine', () => {
  it('takes exactly token, arguments and input', () => {
    const call = { token: 'x', args: ['reply', 't1'], input: null }
    expect(parseDoorLine(JSON.stringify(call))).toEqual({ kind: 'call', call })
  })

  it.each([
    ['', 'not_json'],
    ['reply t1', 'not_json'],
    ['{"token":"x","args":[],"input":nul', 'not_json'],
    ['null', 'wrong_shape'],
    ['[]', 'wrong_shape'],
    ['{"token":"x","args":["help"]}', 'wrong_shape'],
    ['{"token":1,"args":["help"],"input":null}', 'wrong_shape'],
    ['{"token":"x","args":[1],"input":null}', 'wrong_shape'],
    ['{"token":"x","args":[],"input":null,"verb":"reply"}', 'wrong_shape'],
    [JSON.stringify({ token: 'x', args: Array.from({ length: 65 }, () => 'a'), input: null }), 'wrong_shape'],
    [JSON.stringify({ token: 'x'.repeat(201), args: [], input: null }), 'wrong_shape'],
  ])('refuses %s', (line, because) => {
    expect(parseDoorLine(line)).toEqual({ kind: 'unreadable', because })
  })

  it('never throws and never lets another shape through', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        const parsed = parseDoorLine(line)
        if (parsed.kind === 'call') expect(Object.keys(parsed.call)).toHaveLength(3)
      }),
    )
  })
})

describe('readDoorCall', () => {
  const ask = (verb: 'reply' | 'resolve', thread: DoorThread, text: string | null): DoorReading =>
    ({ kind: 'ask', ask: { verb, thread, text } }) as DoorReading

  it.each<[readonly string[], string | null, DoorReading]>([
    [['reply', 't1', '-m', 'Done.'], null, ask('reply', ONE, 'Done.')],
    [['reply', 'T2', '--message', 'Done.'], null, ask('reply', TWO, 'Done.')],
    [['reply', 'PRRT_two', '--message=Done.'], null, ask('reply', TWO, 'Done.')],
    [['reply', '-m', 'One.', 't1', '-m', 'Two.'], null, ask('reply', ONE, 'One.\n\nTwo.')],
    [['reply', '-m', '-dash', '--', 't1'], null, ask('reply', ONE, '-dash')],
    [['reply', 't1'], null, { kind: 'input_wanted' }],
    [['reply', 't1'], ' one\r\ntwo\n', ask('reply', ONE, 'one\ntwo')],
    [['reply', 't1', '-m', 'option'], 'input', ask('reply', ONE, 'option')],
    [['resolve', 't2'], null, ask('resolve', TWO, null)],
    [['resolve', 't2'], 'never read', ask('resolve', TWO, null)],
    [['resolve', 't2', '-m', 'Moved.'], null, ask('resolve', TWO, 'Moved.')],
    [[], null, { kind: 'help' }],
    [['help', 'reply'], null, { kind: 'help' }],
    [['--help'], null, { kind: 'help' }],
    [['reply', '-h'], null, { kind: 'help' }],
  ])('%j with input %j', (args, input, reading) => {
    expect(read(args, input)).toEqual(reading)
  })

  it.each<[readonly string[], string | null, object]>([
    [['push'], null, { kind: 'unknown_verb', verb: 'push' }],
    [['constructor'], null, { kind: 'unknown_verb', verb: 'constructor' }],
    [['reply'], null, { kind: 'wrong_arguments', verb: 'reply' }],
    [['reply', 't1', 'Done.'], null, { kind: 'wrong_arguments', verb: 'reply' }],
    [['reply', 't1', '--force'], null, { kind: 'unknown_option', verb: 'reply', option: '--force' }],
    [['reply', 't1', '-m'], null, { kind: 'unknown_option', verb: 'reply', option: '-m' }],
    [['reply', 't3', '-m', 'x'], null, { kind: 'unknown_thread', thread: 't3' }],
    [['resolve', ''], null, { kind: 'unknown_thread', thread: '' }],
    [['reply', 't1', '-m', ' \n'], null, { kind: 'text_missing', verb: 'reply' }],
    [['reply', 't1'], '', { kind: 'text_missing', verb: 'reply' }],
    [['reply', 't1'], '\u200b\u0000', { kind: 'text_missing', verb: 'reply' }],
    [['resolve', 't1', '-m', ''], null, { kind: 'text_missing', verb: 'resolve' }],
    [['reply', 't1'], 'x'.repeat(20_001), { kind: 'text_too_long', length: 20_001, limit: 20_000 }],
  ])('refuses %j with input %j', (args, input, refusal) => {
    expect(read(args, input)).toEqual({ kind: 'refused', refusal })
  })

  it('asks only for delivered threads, with a text where one is needed, whatever the words', () => {
    const word = fc.oneof(fc.constantFrom('reply', 'resolve', 't1', 't2', '-m', '--', 'x'), fc.string())
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(DOOR_VERBS)),
        fc.array(word, { maxLength: 6 }),
        fc.option(fc.string()),
        (verb, words, input) => {
          const reading = read([verb, ...words], input)
          if (reading.kind !== 'ask') return
          expect(THREADS).toContain(reading.ask.thread)
          if (reading.ask.verb === 'reply') expect(reading.ask.text.trim()).not.toBe('')
        },
      ),
    )
  })
})

describe('identifyAsk', () => {
  const same = (text: string): string => text
  const replyTo = (thread: DoorThread, text: string) =>
    identifyAsk({ verb: 'reply', thread, text }, same).requestId

  it('is the same for the same thread and text, and for nothing else', () => {
    expect(replyTo(ONE, 'Done.')).toBe(replyTo({ ...ONE, handle: 't9' }, 'Done.'))
    const ids = [replyTo(ONE, 'Done.'), replyTo(TWO, 'Done.'), replyTo(ONE, 'Done')]
    const resolves = [null, 'Done.'].map(
      (text) => identifyAsk({ verb: 'resolve', thread: ONE, text }, same).requestId,
    )
    expect(new Set([...ids, ...resolves]).size).toBe(5)
  })

  it('names the text of a resolve as it names that of a reply, so that both are one reply', () => {
    const reply = identifyAsk({ verb: 'reply', thread: ONE, text: 'Done.' }, same).request
    const resolve = identifyAsk({ verb: 'resolve', thread: ONE, text: 'Done.' }, same).request
    expect(resolve.text).toEqual(reply.text)
  })
})

describe('mostDoorRequests', () => {
  it('grows with the threads up to a ceiling', () => {
    expect([0, 1, 10, 500].map(mostDoorRequests)).toEqual([20, 24, 60, 500])
  })
})
