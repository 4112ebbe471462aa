// Installations of the App and the tokens made from them: who is covered, with which permissions, until when.
import { randomBytes } from 'node:crypto'
import type { FakeClock } from './clock.ts'
import type { Ids } from './ids.ts'
import { nodeId } from './ids.ts'
import type { Account } from './people.ts'
import type { Permissions } from './permissions.ts'

/** The App installed in one account, on chosen repositories. */
export interface Installation {
  readonly id: number
  readonly nodeId: string
  readonly account: Account
  readonly createdAt: string
  readonly repositoryIds: Set<number>
  permissions: Permissions
  /** Since when the account keeps the App out; null while it works. */
  suspendedAt: string | null
  suspendedBy: Account | null
}

/** A token that acts for an installation. */
export interface InstallationToken {
  readonly value: string
  readonly installation: Installation
  /** Narrowed repositories; undefined means all of the installation, also later ones. */
  readonly repositoryIds: ReadonlySet<number> | undefined
  /** Narrowed permissions; undefined means those of the installation at the moment of use. */
  readonly permissions: Permissions | undefined
  readonly expiresAtMs: number
}

/** What a new token is narrowed to. */
export interface TokenScope {
  readonly repositoryIds: ReadonlySet<number> | undefined
  readonly permissions: Permissions | undefined
}

const tokenLifeMs = 60 * 60 * 1000

/** All installations and tokens of one fake GitHub. */
export class Installations {
  readonly #ids: Ids
  readonly #clock: FakeClock
  readonly #byAccountId = new Map<number, Installation>()
  readonly #tokens = new Map<string, InstallationToken>()

  constructor(ids: Ids, clock: FakeClock) {
    this.#ids = ids
    this.#clock = clock
  }

  /** Returns the installation in an account, made now when the App was not installed there. */
  install(account: Account, permissions: Permissions): { installation: Installation; isNew: boolean } {
    const known = this.#byAccountId.get(account.id)
    if (known !== undefined) return { installation: known, isNew: false }
    const id = this.#ids.next()
    const installation: Installation = {
      id,
      nodeId: nodeId('IN', id),
      account,
      createdAt: this.#clock.nowIso(),
      repositoryIds: new Set(),
      permissions,
      suspendedAt: null,
      suspendedBy: null,
    }
    this.#byAccountId.set(account.id, installation)
    return { installation, isNew: true }
  }

  /** Returns every installation, oldest first. */
  list(): readonly Installation[] {
    return [...this.#byAccountId.values()]
  }

  /** Returns the installation that covers a repository. */
  findByRepository(repositoryId: number): Installation | undefined {
    return this.list().find(({ repositoryIds }) => repositoryIds.has(repositoryId))
  }

  /** Returns the installation with this id. */
  find(id: number): Installation | undefined {
    return this.list().find((installation) => installation.id === id)
  }

  /** Removes the App from an account: the installation and its tokens are gone. */
  uninstall(installation: Installation): void {
    this.#byAccountId.delete(installation.account.id)
    for (const [value, token] of this.#tokens) {
      if (token.installation === installation) this.#tokens.delete(value)
    }
  }

  /** Makes a token that lives one hour of the fake's clock. */
  createToken(installation: Installation, scope: TokenScope): InstallationToken {
    const value = `ghs_${randomBytes(27).toString('base64url').replaceAll(/[-_]/g, 'x').slice(0, 36)}`
    const expiresAtMs = this.#clock.nowMs() + tokenLifeMs
    const token = { value, installation, ...scope, expiresAtMs }
    this.#tokens.set(value, token)
    return token
  }

  /** Returns the token if it exists and is not expired. */
  findLiveToken(value: string): InstallationToken | undefined {
    const token = this.#tokens.get(value)
    return token !== undefined && token.expiresAtMs > this.#clock.nowMs() ? token : undefined
  }
}

/** Returns whether a token reaches a repository. */
export function coversRepository(token: InstallationToken, repositoryId: number): boolean {
  if (!token.installation.repositoryIds.has(repositoryId)) return false
  return token.repositoryIds === undefined || token.repositoryIds.has(repositoryId)
}

/** Returns the permissions a token carries now. */
export function permissionsOf(token: InstallationToken): Permissions {
  return token.permissions ?? token.installation.permissions
}
