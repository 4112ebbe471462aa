import { describe, expect, it } from 'vitest'
import { createRemotes } from '../../../../src/adapters/runner/repositories/remote.ts'

const tokens = { tokenFor: () => Promise.resolve('token') }
const named = (owner: string, name: string) => ({ installationId: 1, repositoryId: 1, owner, name })

describe('createRemotes', () => {
  it('builds the address below the configured host, without a credential', () => {
    expect(createRemotes({ gitBaseUrl: 'https://github.com', tokens }).urlOf(named('acme', 'rope.js'))).toBe(
      'https://github.com/acme/rope.js.git',
    )
    expect(createRemotes({ gitBaseUrl: 'https://ghe.test/git/', tokens }).urlOf(named('acme', 'rope'))).toBe(
      'https://ghe.test/git/acme/rope.git',
    )
  })

  it.each([
    ['..', 'rope'],
    ['acme', '..'],
    ['-acme', 'rope'],
    ['acme', 'a/b'],
    ['acme', ''],
    ['acme', 'rope@evil.test'],
  ])('refuses the name %s/%s', (owner, name) => {
    const remotes = createRemotes({ gitBaseUrl: 'https://github.com', tokens })
    expect(() => remotes.urlOf(named(owner, name))).toThrow()
  })

  it('sends a token to the host’s origin alone', async () => {
    const remotes = createRemotes({ gitBaseUrl: 'https://ghe.test:8443/git', tokens })
    expect(await remotes.accessTo(named('acme', 'rope'))).toEqual({
      origin: 'https://ghe.test:8443',
      token: 'token',
    })
  })
})
