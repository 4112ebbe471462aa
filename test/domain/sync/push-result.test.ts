import { describe, expect, it } from 'vitest'
import { classifyFetch, classifyPush } from '../../../src/domain/sync/push-result.ts'
import { REFUSALS } from '../../support/push-refusals.ts'

describe('classifyPush', () => {
  it.each(REFUSALS)('names $name', ({ words, result }) => {
    expect(classifyPush(words.join('\n'))).toBe(result)
  })

  it('does not guess', () => {
    expect(classifyPush('fatal: something new')).toBe('unknown')
    expect(classifyPush('')).toBe('unknown')
  })
})

describe('classifyFetch', () => {
  it.each([
    ["fatal: Authentication failed for 'https://github.com/acme/rope.git/'", 'auth'],
    ['remote: Repository not found.\nfatal: repository not found', 'auth'],
    ["fatal: unable to access 'https://github.com/': Could not resolve host: github.com", 'network'],
    ['error: RPC failed; curl 18 transfer closed with outstanding read data remaining', 'network'],
    ['fatal: the remote end hung up unexpectedly', 'network'],
    ['remote: error: GH006: Protected branch update failed', 'unknown'],
    ['fatal: bad object', 'unknown'],
  ])('reads %j', (words, reason) => {
    expect(classifyFetch(words)).toBe(reason)
  })
})
