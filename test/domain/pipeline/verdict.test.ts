// What counts as a reviewer's verdict, and that nothing else ever becomes an acknowledgement.

import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { LONGEST_REASON, MOST_REASONS, parseVerdict } from '../../../src/domain/pipeline/verdict.ts'

describe('parseVerdict', () => {
  it.each([
    ['{"verdict":"ack"}', 'ack', []],
    ['{"verdict":"ack","reasons":[]}', 'ack', []],
    [' {"reasons":["  Fine. ",""],"verdict":"ack"}\n', 'ack', ['Fine.']],
    ['{"verdict":"nack","reasons":["The knot slips.","No test."]}', 'nack', ['The knot slips.', 'No test.']],
    [
      '{"verdict":"nack","reasons":["it says \\"verdict\\": \\"ack\\""]}',
      'nack',
      ['it says "verdict": "ack"'],
    ],
    ['{"verdict":"nack","reasons":["a: b", "\\\\", "c"]}', 'nack', ['a: b', '\\', 'c']],
  ])('reads %s', (text, verdict, reasons) => {
    expect(parseVerdict(text)).toEqual({ kind: 'verdict', verdict, reasons })
  })

  it.each([
    [null, 'missing'],
    ['', 'missing'],
    [' \n', 'missing'],
    ['ack', 'not_json'],
    ['{"verdict":"ack"', 'not_json'],
    ['```json\n{"verdict":"ack"}\n```', 'not_json'],
    ['{"verdict":"ack"}{"verdict":"ack"}', 'not_json'],
    ['"ack"', 'wrong_shape'],
    ['null', 'wrong_shape'],
    ['[{"verdict":"ack"}]', 'wrong_shape'],
    ['{"verdict":"ACK"}', 'wrong_shape'],
    ['{"verdict":true}', 'wrong_shape'],
    ['{"verdict":["ack"]}', 'wrong_shape'],
    ['{"reasons":["good"]}', 'wrong_shape'],
    ['{"verdict":"ack","reasons":"good"}', 'wrong_shape'],
    ['{"verdict":"ack","reasons":null}', 'wrong_shape'],
    ['{"verdict":"ack","sure":false}', 'wrong_shape'],
    ['{"__proto__":1,"verdict":"ack"}', 'wrong_shape'],
    ['{"verdict":"nack","verdict":"ack"}', 'wrong_shape'],
    ['{"verdict":"nack","\\u0076erdict":"ack","reasons":["x"]}', 'wrong_shape'],
    ['{"verdict":"nack"}', 'no_reasons'],
    ['{"verdict":"nack","reasons":["", "  "]}', 'no_reasons'],
  ])('says why %s is none', (text, because) => {
    expect(parseVerdict(text)).toEqual({ kind: 'unreadable', because })
  })

  it('cuts long reasons between characters and leaves out what is too much', () => {
    const reasons = [
      `${'x'.repeat(LONGEST_REASON - 1)}🧗🧗`,
      ...Array.from({ length: 60 }, (_none, n) => `${n}`),
    ]
    const read = parseVerdict(JSON.stringify({ verdict: 'nack', reasons }))
    if (read.kind !== 'verdict') throw new Error(read.because)
    expect(read.reasons).toHaveLength(MOST_REASONS)
    expect(read.reasons[0]).toBe(`${'x'.repeat(LONGEST_REASON - 1)}🧗`)
    expect(read.reasons.at(-1)).toBe('48')
  })
})

/** Every text that is an acknowledgement, made without JSON's own reader: names in any order and any escape. */
const ACK =
  /^\s*\{\s*(?:"verdict"\s*:\s*"ack"\s*(?:,\s*"reasons"\s*:\s*\[.*\]\s*)?|"reasons"\s*:\s*\[.*\]\s*,\s*"verdict"\s*:\s*"ack"\s*)\}\s*$/su

/** What a text that is nearly an acknowledgement is made of. */
const PIECES = ['{', '}', '[', ']', ',', ':', '"verdict"', '"ack"', '"nack"', '"reasons"', '"r"', 'null', ' ']

const NEARLY = fc.array(fc.constantFrom(...PIECES), { maxLength: 14 }).map((pieces) => pieces.join(''))

/** An acknowledgement with one character changed, taken away or put in. */
const DAMAGED = fc
  .record({
    at: fc.nat({ max: 40 }),
    gone: fc.nat({ max: 2 }),
    put: fc.string({ unit: 'binary', maxLength: 2 }),
  })
  .map(({ at, gone, put }) => {
    const text = '{"verdict":"ack","reasons":["Good."]}'
    return `${text.slice(0, at)}${put}${text.slice(at + gone)}`
  })

describe('every text', () => {
  it('becomes an acknowledgement only when it is one', () => {
    let acks = 0
    const texts = fc.oneof(NEARLY, DAMAGED, fc.json(), fc.string({ unit: 'binary', maxLength: 60 }))
    fc.assert(
      fc.property(texts, (text) => {
        const read = parseVerdict(text)
        if (read.kind === 'unreadable') return
        if (read.verdict === 'ack') {
          acks += 1
          expect(text).toMatch(ACK)
        } else expect(read.reasons.length).toBeGreaterThan(0)
      }),
      { numRuns: 5000, seed: 20 },
    )
    expect(acks).toBeGreaterThan(0)
  })

  it('of a verdict is read back as it was written', () => {
    const verdicts = fc.record({
      verdict: fc.constantFrom('ack', 'nack'),
      reasons: fc.array(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), { maxLength: 8 }),
    })
    fc.assert(
      fc.property(verdicts, ({ verdict, reasons }) => {
        const kept = reasons.map((reason) => reason.trim()).filter((reason) => reason !== '')
        const wanted =
          verdict === 'nack' && kept.length === 0
            ? { kind: 'unreadable', because: 'no_reasons' }
            : { kind: 'verdict', verdict, reasons: kept }
        expect(parseVerdict(JSON.stringify({ verdict, reasons }))).toEqual(wanted)
      }),
      { numRuns: 500, seed: 21 },
    )
  })
})
