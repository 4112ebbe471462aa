import { describe, expect, it } from 'vitest'
import { createReadGate } from '../../../src/adapters/github/read-gate.ts'
import type { ReadPriority } from '../../../src/ports/github.ts'

interface Work {
  readonly name: string
  end(): void
}

/** Lets reads in and notes in which order they began. */
function play(width: number) {
  const gate = createReadGate(width)
  const begun: string[] = []
  const running = new Map<string, Work>()
  const read = (name: string, priority: ReadPriority, installationId = 1): Promise<string> =>
    gate.pass({ installationId, priority }, () => {
      begun.push(name)
      return new Promise((resolve) => {
        running.set(name, { name, end: () => resolve(name) })
      })
    })
  const end = async (name: string): Promise<void> => {
    running.get(name)?.end()
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { gate, begun, read, end }
}

describe('createReadGate', () => {
  it('lets what a webhook caused go before what a sweep wants, and never more than its width at once', async () => {
    const { begun, read, end } = play(2)
    const all = [
      read('sweep 1', 'sweep'),
      read('sweep 2', 'sweep'),
      read('sweep 3', 'sweep'),
      read('webhook 1', 'webhook'),
      read('webhook 2', 'webhook'),
    ]
    await end('nothing')
    expect(begun).toEqual(['sweep 1', 'sweep 2'])
    await end('sweep 1')
    expect(begun).toEqual(['sweep 1', 'sweep 2', 'webhook 1'])
    await end('webhook 1')
    await end('sweep 2')
    expect(begun.slice(3)).toEqual(['webhook 2', 'sweep 3'])
    await end('webhook 2')
    await end('sweep 3')
    expect(await Promise.all(all)).toHaveLength(5)
  })

  it('holds no installation up for another', async () => {
    const { begun, read, end } = play(1)
    const all = [read('mine', 'sweep'), read('waiting', 'sweep'), read('theirs', 'sweep', 2)]
    await end('nothing')
    expect(begun).toEqual(['mine', 'theirs'])
    await end('theirs')
    await end('mine')
    await end('waiting')
    expect(await Promise.all(all)).toEqual(['mine', 'waiting', 'theirs'])
  })

  it('goes on after a read that failed', async () => {
    const { gate } = play(1)
    const turn = { installationId: 1, priority: 'sweep' } as const
    await expect(gate.pass(turn, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(await gate.pass(turn, () => Promise.resolve('yes'))).toBe('yes')
  })
})
