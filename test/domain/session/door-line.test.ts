import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDoorLine } from '../../../src/domain/session/door-line.ts'

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
