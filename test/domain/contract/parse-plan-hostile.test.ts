// Plans that are made to cost time: as long as a plan may be, and full of one thing.

import { describe, expect, it } from 'vitest'

import { parsePlan } from '../../../src/domain/contract/parse-plan.ts'

/** Processor time, not the clock: other programs may share the machine. */
const MAX_CPU_MICROSECONDS = 8_000_000

const MIB = 1_048_576

function cpuOf(text: string): number {
  const before = process.cpuUsage()
  parsePlan(text)
  return process.cpuUsage(before).user
}

function blocks(...lists: readonly string[]): string {
  return lists.map((list) => `\`\`\`yaml tasks\n${list}\n\`\`\``).join('\n')
}

describe('parsePlan: hostile plans', () => {
  it.each([
    ['fences', '```yaml tasks\n```\n'],
    ['open fences', '~~~yaml tasks\n'],
    ['backticks', '`'],
    ['tasks in many blocks', '```yaml tasks\n- {id: a, title: A, depends_on: [b, c]}\n```\n'],
    ['unknown keys', '```yaml tasks\n- {ib: a, tytle: A}\n```\n'],
    ['list marks', '- '],
    ['task marks', '- [ ] '],
    ['tasks', '- [ ] a\n'],
    ['comments', '<!--\n'],
    ['spaces', ' '],
    ['line ends', '\r'],
  ])('reads 1 MiB of %s in a moment', (_what, piece) => {
    expect(cpuOf(piece.repeat(Math.floor(MIB / piece.length)))).toBeLessThan(MAX_CPU_MICROSECONDS)
  })

  it('reads as many tasks as fit, which all name each other wrongly, in a moment', () => {
    const tasks = (from: number): string =>
      Array.from(
        { length: 100 },
        (_, no) => `- id: task-number-${from + no}\n  title: T\n  depends_on: tosk-number-${from + no}x`,
      ).join('\n')
    const text = blocks(...Array.from({ length: 50 }, (_, no) => tasks(no * 100)))
    expect(parsePlan(text).kind).toBe('faulty')
    expect(cpuOf(text)).toBeLessThan(MAX_CPU_MICROSECONDS)
  })

  it.each([
    ['keys in keys', `${Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')} 1`],
    ['a text over many lines', `- id: a\n  title: >\n${'    x\n'.repeat(10_000)}`],
    ['quotes that go on', `- id: a\n  title: "${'\\"\n    '.repeat(8_000)}"`],
    ['anchors', Array.from({ length: 5_000 }, (_, no) => `- &a${no} x`).join('\n')],
    ['comments', '# x\n'.repeat(16_000)],
    ['one key many times', `- ${'id: a\n  '.repeat(7_000)}`],
  ])('reads the largest blocks of %s in a moment', (_what, list) => {
    expect(list.length).toBeGreaterThan(20_000)
    expect(list.length).toBeLessThan(65_537)
    const text = blocks(...Array.from({ length: 4 }, () => list))
    expect(cpuOf(text)).toBeLessThan(MAX_CPU_MICROSECONDS)
  })

  it('does not look at more', () => {
    expect(parsePlan(' '.repeat(MIB + 1))).toEqual({
      kind: 'faulty',
      faults: [{ line: 1, message: 'The plan is larger than 1 MiB and was not read.' }],
    })
  })
})
