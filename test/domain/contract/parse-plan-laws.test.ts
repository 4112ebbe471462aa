// What holds for every plan: forests come back as they were written, and any text has one reading with lines that exist.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { parsePlan } from '../../../src/domain/contract/parse-plan.ts'
import type { ParsedPlan } from '../../../src/domain/contract/plan.ts'
import { asBlock, asList, forest } from './forests.ts'
import type { Task } from './forests.ts'

function withoutLines(parsed: ParsedPlan): readonly Task[] | ParsedPlan {
  return parsed.kind === 'plan' ? parsed.tasks.map(({ line: _line, ...task }) => task) : parsed
}

function byId(tasks: readonly Task[] | ParsedPlan): unknown {
  return 'kind' in tasks ? tasks : new Map(tasks.map((task) => [task.id, task]))
}

/** Any text, with a liking for what plans are made of. */
function planLike(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      '```yaml tasks\n',
      '```\n',
      '~~~ yml tasks\n',
      '> ',
      '  ',
      '\n',
      '\r\n',
      '\r',
      '<!--',
      '-->',
      '\t',
    ),
    fc.constantFrom('- [ ] ', '- [x] ', '- ', '1. ', '**a**: ', '`b` ', '[c] ', 'task\n', '\n\n', '# '),
    fc.constantFrom(
      '- id: a\n',
      '- id: b\n',
      '  title: T\n',
      '  depends_on: a\n',
      '  depends_on: [b]\n',
      '  acceptance:\n',
    ),
    fc.constantFrom('&x ', '*x ', '{', '}', '[', ']', ': ', '"', "'", '|\n', '---\n', '? ', '!!x ', '<<: '),
    fc.string({ unit: 'binary', maxLength: 8 }),
  )
  return fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''))
}

describe('parsePlan: laws', () => {
  it('reads every forest back from a block, in any order', () => {
    fc.assert(
      fc.property(forest(), fc.boolean(), (tasks, isReversed) => {
        const written = isReversed ? tasks.toReversed() : tasks
        expect(withoutLines(parsePlan(asBlock(written)))).toEqual(written)
      }),
      { numRuns: 40 },
    )
  })

  it('reads every forest back from nested lists', () => {
    fc.assert(
      fc.property(forest(), (tasks) => {
        expect(byId(withoutLines(parsePlan(asList(tasks))))).toEqual(byId(tasks))
      }),
      { numRuns: 40 },
    )
  })

  it('names the line where each task stands', () => {
    fc.assert(
      fc.property(forest(), (tasks) => {
        const text = asList(tasks)
        const parsed = parsePlan(text)
        const lines = parsed.kind === 'plan' ? parsed.tasks.map(({ line }) => text.split('\n')[line - 1]) : []
        expect(lines).toHaveLength(tasks.length)
        for (const line of lines) expect(line).toMatch(/^ *- \[ \]/u)
      }),
      { numRuns: 20 },
    )
  })

  it('gives any text exactly one reading, the same each time, with faults inside of the text and in order', () => {
    const kinds = new Set<string>()
    fc.assert(
      fc.property(planLike(), (text) => {
        const parsed = parsePlan(text)
        kinds.add(parsed.kind)
        expect(parsePlan(text)).toEqual(parsed)
        if (parsed.kind === 'plan') expect(isForest(parsed.tasks)).toBe(true)
        if (parsed.kind !== 'faulty') return
        const lines = parsed.faults.map(({ line }) => line)
        expect(lines.length).toBeGreaterThan(0)
        expect(lines).toEqual(lines.toSorted((one, other) => one - other))
        expect(lines[0]).toBeGreaterThanOrEqual(1)
        expect(lines.at(-1)).toBeLessThanOrEqual(text.split(/\r\n|\r|\n/u).length)
        for (const { message } of parsed.faults) expect(message).toMatch(/^[^\n]+[.?]$/u)
      }),
      {
        numRuns: 200,
        examples: [['- [ ] a'], ['text'], ['```yaml tasks\n"'], ['```yaml tasks\n- &x [*x]\n- *x']],
      },
    )
    expect(kinds).toEqual(new Set(['plan', 'empty', 'faulty']))
  })
})

function isForest(tasks: readonly Task[]): boolean {
  const up = new Map(tasks.map(({ id, dependsOn }) => [id, dependsOn]))
  const isRooted = (id: string): boolean => {
    let at: string | null | undefined = id
    for (let steps = 0; steps <= tasks.length && typeof at === 'string'; steps += 1) at = up.get(at)
    return at === null
  }
  return up.size === tasks.length && tasks.every(({ id }) => isRooted(id))
}
