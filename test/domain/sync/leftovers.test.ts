import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  chooseLeftovers,
  hasSecretName,
  holdsToken,
  LEFTOVER_MAX_BYTES,
  LEFTOVER_MAX_FILES,
  type Leftover,
} from '../../../src/domain/sync/leftovers.ts'

const plain: Leftover = { path: 'a.txt', kind: 'file', size: 10, holdsToken: false }

describe('chooseLeftovers', () => {
  it.each([
    ['a small file', {}, null],
    ['a file just below the limit', { size: LEFTOVER_MAX_BYTES - 1 }, null],
    ['a file at the limit', { size: LEFTOVER_MAX_BYTES }, 'too_large'],
    ['a deletion', { kind: 'deletion' }, null],
    ['the deletion of a secret', { kind: 'deletion', path: '.env' }, null],
    ['a link', { kind: 'link' }, null],
    ['a file with a token', { holdsToken: true }, 'secret_like'],
    ['a file named like a secret', { path: 'deep/.env.production' }, 'secret_like'],
    ['a large secret', { path: 'key.pem', size: LEFTOVER_MAX_BYTES }, 'secret_like'],
    ['a nested repository', { kind: 'nested_repository' }, 'nested_repository'],
    ['an unreadable file', { kind: 'unreadable' }, 'unreadable'],
  ] as const)('decides about %s', (_name, change, reason) => {
    const candidate = { ...plain, ...change }
    const { taken, leftOut } = chooseLeftovers([candidate])
    if (reason === null) expect({ taken, leftOut }).toEqual({ taken: [candidate.path], leftOut: [] })
    else expect({ taken, leftOut }).toEqual({ taken: [], leftOut: [{ path: candidate.path, reason }] })
  })

  it('takes or names every candidate, never both, and at most 200', () => {
    const candidate = fc.record({
      path: fc.constantFrom('a', 'b.pem', '.env', 'src/c'),
      kind: fc.constantFrom<Leftover['kind'][]>(
        'file',
        'link',
        'deletion',
        'nested_repository',
        'unreadable',
      ),
      size: fc.integer({ min: 0, max: 2 * LEFTOVER_MAX_BYTES }),
      holdsToken: fc.boolean(),
    })
    const many = fc
      .array(candidate, { maxLength: 260 })
      .map((list) => list.map((one, no) => ({ ...one, path: `${no}/${one.path}` })))
    fc.assert(
      fc.property(many, (candidates) => {
        const { taken, leftOut } = chooseLeftovers(candidates)
        expect([...taken, ...leftOut.map(({ path }) => path)].toSorted()).toEqual(
          candidates.map(({ path }) => path).toSorted(),
        )
        expect(taken.length).toBeLessThanOrEqual(LEFTOVER_MAX_FILES)
        if (leftOut.some(({ reason }) => reason === 'too_many'))
          expect(taken).toHaveLength(LEFTOVER_MAX_FILES)
      }),
    )
  })
})

describe('hasSecretName', () => {
  it.each([
    ['.env', true],
    ['.ENV.local', true],
    ['a/b/.envrc', true],
    ['keys/id_ed25519', true],
    ['cert.PEM', true],
    ['environment.ts', false],
    ['src/env.ts', false],
    ['pem.txt', false],
    ['id.txt', false],
    ['.env/readme.md', false],
  ])('reads %s', (path, expected) => {
    expect(hasSecretName(path)).toBe(expected)
  })
})

describe('holdsToken', () => {
  it.each([
    `ghp_${'x'.repeat(36)}`,
    `ghs_${'x'.repeat(36)}`,
    `github_pat_${'x'.repeat(60)}`,
    `AKIA${'A'.repeat(16)}`,
    `AIza${'a'.repeat(35)}`,
    'xoxb-1234567890-abc',
    `sk-ant-${'a'.repeat(40)}`,
    `npm_${'a'.repeat(36)}`,
    '-----BEGIN OPENSSH PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----',
  ])('finds %s', (token) => {
    expect(holdsToken(`const token = "${token}"\n`)).toBe(true)
  })

  it.each(['ghp_short', 'A skill: sk-ip', '-----BEGIN PUBLIC KEY-----', 'task-force-of-the-whole-company'])(
    'lets %s pass',
    (text) => {
      expect(holdsToken(text)).toBe(false)
    },
  )
})
