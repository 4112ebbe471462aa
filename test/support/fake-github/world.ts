// Everything the parts of one fake GitHub share. Holds no behaviour.
import type { KeyObject } from 'node:crypto'
import type { FakeClock } from './clock.ts'
import type { Faults } from './faults.ts'
import type { GraphqlCalls } from './graphql-calls.ts'
import type { RateLimits } from './http/rate-limits.ts'
import type { Ids } from './ids.ts'
import type { Installations } from './installations.ts'
import type { Account, People } from './people.ts'
import type { Permissions } from './permissions.ts'
import type { Repositories } from './repositories.ts'
import type { Webhooks } from './webhooks.ts'

/** A GitHub App: ours, or another one that reports checks. */
export interface FakeApp {
  readonly id: number
  readonly slug: string
  readonly owner: Account
  readonly createdAt: string
  readonly permissions: Permissions
}

/** Our own App, with what is needed to verify it. */
export interface OwnApp extends FakeApp {
  readonly publicKey: KeyObject
  readonly clientId: string
  readonly bot: Account
}

/** Addresses of the running server, without a slash at the end. */
export interface Links {
  /** `http://127.0.0.1:<port>` */
  readonly html: string
  /** `http://127.0.0.1:<port>/api/v3` */
  readonly api: string
}

/** The shared parts of one fake GitHub. */
export interface World {
  readonly dataDir: string
  readonly clock: FakeClock
  readonly ids: Ids
  readonly people: People
  readonly app: OwnApp
  readonly links: Links
  readonly installations: Installations
  readonly repositories: Repositories
  readonly webhooks: Webhooks
  readonly faults: Faults
  readonly rateLimits: RateLimits
  readonly graphqlCalls: GraphqlCalls
}
