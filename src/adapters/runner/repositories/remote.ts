// The remote of a repository: its address below the configured host, and a credential for one process at a time.
// Never takes an address from a payload.

import { AppError, isAppError } from '../../../domain/errors/app-error.ts'
import type { TokenSource } from '../../../ports/github.ts'
import type { WorkspaceRef } from '../../../ports/runner.ts'
import type { RemoteAccess } from '../git/git-door.ts'

export type RepositoryAddress = WorkspaceRef['repository']

export interface Remotes {
  /** Returns the address git speaks to; it holds no credential. */
  urlOf(repository: RepositoryAddress): string
  /** Fetches a token for the repository; null when the host is a folder of this machine. */
  accessTo(repository: RepositoryAddress): Promise<RemoteAccess | null>
}

const NAME = /^[A-Za-z0-9_.-]{1,100}$/

/**
 * How long a remote may be silent, in milliseconds.
 *
 * Lane steps hold their session, so there it is short: `read` for a fetch or a listing, `push` for a push, behind which
 * the remote's hooks may think. The first clone of a project runs beside the lanes and may be prepared for long.
 */
export const SILENCE_MS = { read: 20_000, push: 60_000, first_clone: 120_000 } as const

/** Makes the door to the remotes of one host, for example `https://github.com`. */
export function createRemotes(options: {
  readonly gitBaseUrl: string
  readonly tokens: TokenSource
}): Remotes {
  const base = options.gitBaseUrl.replace(/\/+$/, '')
  const { protocol, origin } = new URL(base)
  return {
    urlOf(repository) {
      const { owner, name } = repository
      if (!isPlainName(owner) || !isPlainName(name)) {
        throw new AppError('INTERNAL_ERROR', {}, { cause: new Error('The repository has no usable name.') })
      }
      return `${base}/${owner}/${name}.git`
    },
    async accessTo(repository) {
      if (protocol === 'file:') return null
      return { origin, token: await options.tokens.tokenFor(repository) }
    },
  }
}

function isPlainName(name: string): boolean {
  return NAME.test(name) && !name.startsWith('-') && name !== '.' && name !== '..'
}

/** Returns why no token was to be had, in the words of a fetch. */
export function tokenFault(error: unknown): { readonly reason: 'auth' | 'network'; readonly detail: string } {
  const detail = error instanceof Error ? error.message : 'no token'
  return { reason: isAppError(error, 'GITHUB_REFUSED') ? 'auth' : 'network', detail }
}
