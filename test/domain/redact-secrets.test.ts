// No secret gets through, and ordinary text is left alone.

import { assert, constantFrom, property, string, stringMatching } from 'fast-check'
import { describe, expect, it } from 'vitest'

import { redactSecrets } from '../../src/domain/redact-secrets.ts'

const secretText = stringMatching(/^[A-Za-z0-9]{24,60}$/)

describe('redactSecrets', () => {
  it.each([
    [
      'fatal: https://x-access-token:ghs_16C7e42F292c6912E7710c838347Ae178B4a@github.com/ said no',
      'fatal: https://x-access-token:[removed]@github.com/ said no',
    ],
    ['AUTHORIZATION: basic eDphYmNkZWZnaA==', 'AUTHORIZATION: basic [removed]'],
    ['Authorization: Bearer abcdefgh.ijkl', 'Authorization: Bearer [removed]'],
    ['key github_pat_11ABCDEFG0123456789_abc done', 'key [removed] done'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY----- after', '[removed] after'],
    ['postgres://user:pa$$w0rd@db/x', 'postgres://user:[removed]@db/x'],
  ])('takes the secret out of %j', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected)
  })

  it.each([
    'git push ended with 1: non-fast-forward',
    'The token is missing.',
    'https://github.com/quay/harbour/pull/5',
    'a basic idea',
  ])('leaves %j alone', (text) => {
    expect(redactSecrets(text)).toBe(text)
  })

  it('hides a token wherever it stands', () => {
    assert(
      property(
        constantFrom('ghp_', 'ghs_', 'gho_', 'github_pat_'),
        secretText,
        string(),
        string(),
        (prefix, secret, before, after) => {
          expect(redactSecrets(`${before} ${prefix}${secret} ${after}`)).not.toContain(secret)
        },
      ),
    )
  })
})
