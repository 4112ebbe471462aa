// Accounts: people, organizations and the bot of the App. Roles live in the repositories, not here.
import { nodeId } from './ids.ts'
import type { Ids } from './ids.ts'

/** Someone who can own, write or be mentioned. */
export interface Account {
  readonly id: number
  readonly nodeId: string
  readonly login: string
  readonly type: 'User' | 'Organization' | 'Bot'
}

/** All accounts of one fake GitHub, found without regard to case. */
export class People {
  readonly #ids: Ids
  readonly #byLogin = new Map<string, Account>()
  readonly #gone = new Set<number>()

  constructor(ids: Ids) {
    this.#ids = ids
  }

  /** Returns the account with this login, or undefined when nobody has it. */
  find(login: string): Account | undefined {
    return this.#byLogin.get(login.toLowerCase())
  }

  /** Returns every account. */
  list(): readonly Account[] {
    return [...this.#byLogin.values()]
  }

  /** Returns the person with this login, who exists from now on. */
  person(login: string): Account {
    return this.find(login) ?? this.#add(login, 'User')
  }

  /** Returns the organization with this login, or the person who already has it. */
  owner(login: string): Account {
    return this.find(login) ?? this.#add(login, 'Organization')
  }

  /** Returns the bot of an app, for example `belay[bot]`. */
  bot(slug: string): Account {
    return this.find(`${slug}[bot]`) ?? this.#add(`${slug}[bot]`, 'Bot')
  }

  /** Deletes an account: what it wrote stays, and GraphQL names no author of it any more. */
  remove(login: string): void {
    this.#gone.add(this.person(login).id)
  }

  /** Returns whether an account was deleted. */
  isGone({ id }: Account): boolean {
    return this.#gone.has(id)
  }

  #add(login: string, type: Account['type']): Account {
    const id = this.#ids.next()
    const prefix = { User: 'U', Organization: 'O', Bot: 'BOT' } as const
    const account = { id, nodeId: nodeId(prefix[type], id), login, type }
    this.#byLogin.set(login.toLowerCase(), account)
    return account
  }
}

/** Returns the address GitHub writes into commits of somebody who hides the real one. */
export function noreplyAddress(account: Account): string {
  return `${account.id}+${account.login}@users.noreply.github.com`
}
