import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choiceOptions } from '../../../src/domain/decision/decision.ts'
import { LONGEST_CHOICE, readChoices } from '../../../src/domain/session/door-choices.ts'

describe('readChoices', () => {
  it.each<[readonly string[], readonly string[]]>([
    [[], ['Yes', 'No']],
    [['A bow'], ['A bow']],
    [
      [' A\tbow\n', 'a knot', 'ü'.repeat(LONGEST_CHOICE)],
      ['A bow', 'a knot', 'ü'.repeat(LONGEST_CHOICE)],
    ],
    [[`key ${['gh', 'p_', 'A'.repeat(24)].join('')}`], ['key [removed]']],
  ])('takes %j', (labels, choices) => {
    expect(readChoices(labels)).toEqual({ kind: 'choices', choices })
  })

  it.each<[readonly string[], object]>([
    [['one', 'two', 'three', 'four'], { kind: 'too_many', given: 4 }],
    [['one', ' \n'], { kind: 'empty' }],
    [['\u200b\u202e'], { kind: 'empty' }],
    [['x'.repeat(61)], { kind: 'too_long', label: 'x'.repeat(61), length: 61 }],
    [['A bow', 'a  BOW'], { kind: 'twice', label: 'a BOW' }],
    [['B'], { kind: 'reserved', label: 'B' }],
    [['Abort'], { kind: 'reserved', label: 'Abort' }],
    [['abort pipeline'], { kind: 'reserved', label: 'abort pipeline' }],
    [['Choice c'], { kind: 'reserved', label: 'Choice c' }],
  ])('refuses %j', (labels, fault) => {
    expect(readChoices(labels)).toEqual({ kind: 'unfit', fault })
  })

  it('takes as they are the choices it made, each of which names one option of the question', () => {
    const label = fc.oneof(fc.constantFrom('Yes', 'no', 'A bow', 'a', 'abort'), fc.string({ unit: 'binary' }))
    let taken = 0
    fc.assert(
      fc.property(fc.array(label, { maxLength: 4 }), (labels) => {
        const read = readChoices(labels)
        if (read.kind !== 'choices') return
        taken += 1
        expect(readChoices(read.choices)).toEqual(read)
        const names = choiceOptions(read.choices).flatMap((one) => [one.id, one.label.toLowerCase()])
        expect(new Set(names).size).toBe(names.length)
      }),
      { numRuns: 500 },
    )
    expect(taken).toBeGreaterThan(50)
  })
})
