import { describe, expect, it } from 'vitest'
import {
  branchRef,
  isBranchName,
  isSha,
  pipelineId,
  prLane,
  shortSha,
  toBranchName,
  toSha,
} from '../../src/domain/ids.ts'

describe('isBranchName', () => {
  it.each(['main', 'feature/x', 'belay/rocket-1', 'a.b', 'ünïcode', 'x@y'])('takes %s', (name) => {
    expect(isBranchName(name)).toBe(true)
  })

  it.each([
    '',
    '@',
    '-x',
    '--upload-pack=x',
    '/x',
    'x/',
    'x//y',
    'x..y',
    'x.',
    '.x',
    'x/.y',
    'x.lock',
    'x.lock/y',
    'a b',
    'a~1',
    'a^',
    'a:b',
    'a?',
    'a*',
    'a[',
    'a\\b',
    'a@{1}',
    'a\u0000b',
    'a\nb',
    'x'.repeat(245),
  ])('refuses %j', (name) => {
    expect(isBranchName(name)).toBe(false)
    expect(() => toBranchName(name)).toThrow(TypeError)
  })
})

describe('toSha', () => {
  it('takes full ids only, so that nothing shorter ever reaches a destructive step', () => {
    expect(toSha('a'.repeat(40))).toBe('a'.repeat(40))
    for (const text of ['', 'abc', 'A'.repeat(40), `${'a'.repeat(40)}\n`, 'HEAD', '-'.repeat(40)]) {
      expect(isSha(text)).toBe(false)
      expect(() => toSha(text)).toThrow(TypeError)
    }
  })
})

describe('names', () => {
  it('are built in one place', () => {
    expect(branchRef(toBranchName('x'))).toBe('refs/heads/x')
    expect(shortSha(toSha('0123456789'.repeat(4)))).toBe('0123456')
    expect(pipelineId('rocket-1', 2)).toBe('rocket-1.2')
    expect(prLane(9, 7)).toBe('9#7')
  })
})
