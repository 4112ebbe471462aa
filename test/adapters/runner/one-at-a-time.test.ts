import { describe, expect, it } from 'vitest'
import { createOneAtATime } from '../../../src/adapters/runner/one-at-a-time.ts'

describe('createOneAtATime', () => {
  it('runs the work of one key in order, past failures, and that of other keys beside it', async () => {
    const queue = createOneAtATime()
    const seen: string[] = []
    const gate = makeGate()
    const first = queue.run('a', async () => {
      await gate.promise
      seen.push('a1')
      throw new Error('a1 failed')
    })
    const second = queue.run('a', () => Promise.resolve(seen.push('a2')))
    await queue.run('b', () => Promise.resolve(seen.push('b1')))
    expect(seen).toEqual(['b1'])
    gate.resolve()
    await expect(first).rejects.toThrow('a1 failed')
    await second
    expect(seen).toEqual(['b1', 'a1', 'a2'])
  })
})

function makeGate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((open) => {
    resolve = open
  })
  return { promise, resolve }
}
