import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  displayPath,
  onDisk,
  parentsOf,
  pathBytes,
  splitNul,
  toBytePath,
} from '../../../../src/adapters/runner/git/byte-path.ts'

describe('splitNul', () => {
  it('gives the same bytes back for any names', () => {
    const name = fc.uint8Array({ minLength: 1, maxLength: 20 }).filter((bytes) => !bytes.includes(0))
    fc.assert(
      fc.property(fc.array(name), (names) => {
        const output = Buffer.concat(names.map((bytes) => Buffer.concat([bytes, Buffer.from([0])])))
        expect(splitNul(output).map((path) => new Uint8Array(pathBytes(path)))).toEqual(
          names.map((bytes) => new Uint8Array(bytes)),
        )
      }),
    )
  })
})

describe('displayPath', () => {
  it('shows UTF-8 as people wrote it', () => {
    expect(displayPath(Buffer.from('日本/ü').toString('latin1'))).toBe('日本/ü')
  })
})

describe('onDisk', () => {
  it('joins folder and bytes', () => {
    expect(onDisk('/tmp/ü', toBytePath('a\xe9'))).toEqual(
      Buffer.concat([Buffer.from('/tmp/ü/a'), Buffer.from([0xe9])]),
    )
  })
})

describe('parentsOf', () => {
  it('lists the folders above, the outermost first', () => {
    expect(parentsOf(toBytePath('a/b/c.txt'))).toEqual(['a', 'a/b'])
    expect(parentsOf(toBytePath('c.txt'))).toEqual([])
  })
})
