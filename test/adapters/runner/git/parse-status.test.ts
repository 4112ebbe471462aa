import { describe, expect, it } from 'vitest'
import {
  isUntouched,
  parseAheadBehind,
  parseStatus,
} from '../../../../src/adapters/runner/git/parse-status.ts'

const oid = (letter: string): string => letter.repeat(40)

describe('parseStatus', () => {
  it('reads every kind of entry, with spaces and line ends in names', () => {
    const output = [
      `1 M. N... 100644 100644 100644 ${oid('a')} ${oid('b')} a b.txt`,
      `1 .D N... 100644 100644 000000 ${oid('a')} ${oid('a')} gone\nname`,
      `1 .M SC.. 160000 160000 160000 ${oid('c')} ${oid('c')} sub`,
      `u UU N... 100644 100644 100644 100644 ${oid('1')} ${oid('2')} ${oid('3')} both`,
      '? new file',
      '? nested/',
      '',
    ].join('\0')
    const status = parseStatus(Buffer.from(output))
    expect(status.changed.map(({ path, xy }) => [path, xy])).toEqual([
      ['a b.txt', 'M.'],
      ['gone\nname', '.D'],
      ['sub', '.M'],
    ])
    expect(status.changed[0]).toMatchObject({ headOid: oid('a'), indexOid: oid('b'), isSubmodule: false })
    expect(status.changed[2]).toMatchObject({ isSubmodule: true, hasSubmoduleMoved: true })
    expect(status.unmerged[0]?.stages.map(({ oid: stage }) => stage)).toEqual([oid('1'), oid('2'), oid('3')])
    expect(status.untracked).toEqual(['new file'])
    expect(status.nested).toEqual(['nested'])
    expect(isUntouched(status)).toBe(false)
  })

  it('finds nothing in nothing', () => {
    expect(isUntouched(parseStatus(Buffer.alloc(0)))).toBe(true)
  })

  it('keeps bytes that are no UTF-8', () => {
    const [path = ''] = parseStatus(Buffer.from([0x3f, 0x20, 0x63, 0xe9, 0x00])).untracked
    expect(Buffer.from(path, 'latin1')).toEqual(Buffer.from([0x63, 0xe9]))
  })
})

describe('parseAheadBehind', () => {
  const head = ['# branch.oid abc', '# branch.head local', '# branch.upstream remote']

  it('reads both counts', () => {
    const output = [...head, '# branch.ab +12 -345', '? # branch.ab +1 -1', ''].join('\0')
    expect(parseAheadBehind(Buffer.from(output))).toEqual({ localAhead: 12, remoteAhead: 345 })
  })

  it('finds none when git could not count, whatever files are called', () => {
    expect(parseAheadBehind(Buffer.from([...head, '? x', '# branch.ab +1 -1', ''].join('\0')))).toBeNull()
    expect(parseAheadBehind(Buffer.alloc(0))).toBeNull()
  })
})
