// What the next attempt is told of what happened before.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addBriefing, type Briefing } from '../../../src/domain/pipeline/briefings.ts'
import { joinBriefings } from '../../../src/domain/text/join-briefings.ts'

const turn = (text: string): Briefing => ({ about: 'turn', text })
const mishap = (text: string): Briefing => ({ about: 'mishap', text })
const all = (...added: readonly Briefing[]): readonly Briefing[] =>
  added.reduce<readonly Briefing[]>((before, one) => addBriefing(before, one), [])

describe('addBriefing', () => {
  it('keeps what was decided when an attempt fails, and only the last failure', () => {
    expect(all(turn('answer'), mishap('first'), mishap('second'))).toEqual([turn('answer'), mishap('second')])
  })

  it('forgets a failure once something was decided after it', () => {
    expect(all(mishap('failed'), turn('refused'))).toEqual([turn('refused')])
  })

  it('never holds more than five decisions and one failure, and always the newest thing', () => {
    const briefing = fc.record({ about: fc.constantFrom('turn', 'mishap'), text: fc.string() })
    fc.assert(
      fc.property(fc.array(briefing, { minLength: 1, maxLength: 30 }), (added) => {
        const told = all(...added)
        expect(told.length).toBeLessThanOrEqual(6)
        expect(told.filter(({ about }) => about === 'mishap').length).toBeLessThanOrEqual(1)
        expect(told.at(-1)).toEqual(added.at(-1))
      }),
    )
  })
})

describe('joinBriefings', () => {
  it('begins with the newest, under the heading that an agent knows', () => {
    const told = [turn('# Read this first\n\nThe answer.'), mishap('# Read this first\n\nIt crashed.')]
    expect(joinBriefings(told)).toBe('# Read this first\n\nIt crashed.\n\n# Before that\n\nThe answer.')
    expect(joinBriefings([])).toBeNull()
  })
})
