// Repository configurations that somebody wrote to do harm: they end with a fault, soon.

import { describe, expect, it } from 'vitest'

import { parseRepositoryConfig } from '../../../src/domain/config/parse-repository-config.ts'

/** Processor time, not the clock: other programs may share the machine. */
const MAX_CPU_MICROSECONDS = 8_000_000

/** Says each fault in one line: where, what, and the hint after a bar. */
function faultsOf(text: string): readonly string[] {
  const parsed = parseRepositoryConfig(text)
  if (parsed.kind === 'valid') return []
  return parsed.faults.map((fault) => {
    const hint = fault.hint === undefined ? '' : ` | ${fault.hint}`
    return `${fault.line}:${fault.column} ${fault.path}: ${fault.message}${hint}`
  })
}

describe('parseRepositoryConfig: hostile files', () => {
  it.each([
    ['open lists', '['],
    ['open mappings', '{'],
    ['open mappings with keys', '{a,'],
    ['lists in a line', '- '],
    ['explicit keys in a line', '? '],
    ['brackets closed in quotes', '["]",'],
    ['unclosed strings', '"'],
    ['tags', '!a '],
    ['aliases', '- *a\n'],
    ['anchors', '- &a a\n'],
    ['keys', 'a: 1\n'],
    ['documents', '---\n'],
    ['colons', 'a:\n '],
  ])('answers 64 KiB of %s with faults, in seconds', (_name, unit) => {
    const before = process.cpuUsage()
    const text = unit.repeat(Math.floor(65_536 / unit.length))
    expect(parseRepositoryConfig(text).kind).toBe('invalid')
    expect(process.cpuUsage(before).user).toBeLessThan(MAX_CPU_MICROSECONDS)
  })

  it('answers deep indentation with faults', () => {
    const deep = Array.from({ length: 340 }, (_, level) => `${' '.repeat(level)}? - a:`).join('\n')
    expect(parseRepositoryConfig(deep).kind).toBe('invalid')
  })

  it('expands no bomb', () => {
    const lines = [
      'a0: &a0 [x]',
      ...Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
    ]
    expect(faultsOf(lines.join('\n'))).toEqual([
      '12:12 : The file uses more than 20 aliases and was not read. | Write the values out.',
    ])
  })

  it('survives an alias inside of what it names', () => {
    expect(faultsOf('phases: &p [*p]')).not.toEqual([])
  })

  it('does not read a file beyond 64 KiB', () => {
    expect(faultsOf(`# ${'x'.repeat(65_536)}`)).toEqual([
      '1:1 : The file is larger than 64 KiB and was not read.',
    ])
  })
})
