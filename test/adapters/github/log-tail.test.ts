import { describe, expect, it } from 'vitest'
import { lastBytes, toLogTail, toPlainText } from '../../../src/adapters/github/log-tail.ts'

const tailOf = (text: string): string | null => toLogTail(new TextEncoder().encode(text))

describe('toLogTail', () => {
  it('takes off times, colours, links, progress and control characters', () => {
    const log = [
      '\ufeff2026-01-02T03:04:05.1234567Z \u001b[36;1mnpm test\u001b[0m',
      '2026-01-02T03:04:06.0000000Z 10%\r50%\r100%',
      '2026-01-02T03:04:07.0000000Z \u001b]8;;https://evil.example\u0007here\u001b]8;;\u0007',
      '2026-01-02T03:04:08.0000000Z a\u0000b\u0008c\u202ed\u200b',
      '2026-01-02T03:04:09.0000000Z \ttabs stay',
    ]
    expect(tailOf(log.join('\r\n'))).toBe('npm test\n100%\nhere\nabcd\n\ttabs stay')
  })

  it('is the last forty lines and 8,000 characters', () => {
    const lines = Array.from({ length: 100 }, (_each, index) => `line ${index + 1}`)
    expect(tailOf(`${lines.join('\n')}\n\n`)?.split('\n')).toEqual(lines.slice(60))
    const wide = Array.from({ length: 100 }, () => 'é'.repeat(1000)).join('\n')
    expect(tailOf(wide)).toHaveLength(8000)
  })

  it('ends with the last error, not with the cleaning up after it', () => {
    const log = ['one', '##[error]Process completed with exit code 1.', 'Post job cleanup.', 'Orphans gone.']
    expect(tailOf(log.join('\n'))).toBe('one\n##[error]Process completed with exit code 1.')
  })

  it('shows no secret, and is null when there is nothing to show', () => {
    expect(tailOf('token ghs_abcdefghijklmnopqrstuvwxyz0123456789')).not.toContain('ghs_abc')
    expect(tailOf('')).toBeNull()
    expect(tailOf('2026-01-02T03:04:05.1234567Z \n\u001b[0m\n')).toBeNull()
  })

  it('survives a character that was cut in two', () => {
    const bytes = new TextEncoder().encode('ü and more')
    expect(toLogTail(bytes.subarray(1))).toBe(' and more')
  })
})

describe('lastBytes', () => {
  it('keeps the end of a stream of any length, and little more', async () => {
    const chunk = new Uint8Array(64 * 1024).fill(97)
    async function* hundredMegabytes(): AsyncGenerator<Uint8Array> {
      for (let n = 0; n < 1600; n += 1) yield chunk
      yield new TextEncoder().encode('the end')
    }
    const before = process.memoryUsage().arrayBuffers
    const kept = await lastBytes(hundredMegabytes())
    expect(kept).toHaveLength(128 * 1024)
    expect(new TextDecoder().decode(kept).endsWith('athe end')).toBe(true)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60 * 1024 * 1024)
  })

  it('keeps a short stream whole', async () => {
    async function* short(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode('a ')
      yield new TextEncoder().encode('b')
    }
    expect(new TextDecoder().decode(await lastBytes(short()))).toBe('a b')
  })
})

describe('toPlainText', () => {
  it('keeps lines and drops what a terminal would do', () => {
    expect(toPlainText('\u001b[31mred\u001b[0m\nplain\u0007')).toBe('red\nplain')
  })
})
