// All repositories of one fake GitHub, found by name or id, and how a new one comes into being.
import { join } from 'node:path'
import { BareGit } from './bare-git.ts'
import type { FileChanges } from './bare-git.ts'
import { coverRepository } from './installation-changes.ts'
import { noreplyAddress } from './people.ts'
import type { Account } from './people.ts'
import { appPermissions } from './permissions.ts'
import type { Permissions, RoleSpec } from './permissions.ts'
import { FakeRepository } from './repository.ts'
import type { World } from './world.ts'

/** A repository to be made. */
export interface NewRepository {
  readonly owner: string
  readonly name: string
  /** What the owner is, when nobody has that name yet; default is an organization. */
  readonly ownerType?: 'User' | 'Organization'
  readonly private?: boolean
  /** Files of the first commit on `main`; without any the repository gets a README. */
  readonly files?: FileChanges
  readonly collaborators?: Readonly<Record<string, RoleSpec>>
  /** False keeps the App out of it. */
  readonly install?: boolean
  /** Permissions of the installation, when this is the owner's first repository. */
  readonly permissions?: Permissions
}

/** The repositories of one fake GitHub. */
export class Repositories {
  readonly #all: FakeRepository[] = []
  readonly #formerNames = new Map<string, FakeRepository>()

  /** Returns every repository, oldest first. */
  list(): readonly FakeRepository[] {
    return this.#all
  }

  /** Returns the repository `owner/name` without regard to case, also by a former name that nobody took since. */
  find(owner: string, name: string): FakeRepository | undefined {
    const former = this.#formerNames.get(`${owner}/${name}`.toLowerCase())
    return this.#findNamed(owner, name) ?? (former?.isDeleted === true ? undefined : former)
  }

  /** Lets a repository be found by the name it has now, also when it gets another one. */
  keepName(repository: FakeRepository): void {
    this.#formerNames.set(repository.fullName.toLowerCase(), repository)
  }

  /** Returns the repository with this id. */
  findById(id: number): FakeRepository | undefined {
    return this.#all.find((repository) => repository.id === id)
  }

  /** Makes a repository with a first commit, and installs the App in it unless told otherwise. */
  async create(world: World, order: NewRepository): Promise<FakeRepository> {
    const { people } = world
    const owner = order.ownerType === 'User' ? people.person(order.owner) : people.owner(order.owner)
    const repository = await this.#add(world, { owner, name: order.name, isPrivate: order.private ?? false })
    for (const [login, role] of Object.entries(order.collaborators ?? {})) repository.setRole(login, role)
    await repository.git.commit({
      branch: 'main',
      parents: [],
      files: order.files ?? { 'README.md': `# ${order.name}\n` },
      message: 'Initial commit',
      author: { name: owner.login, email: noreplyAddress(owner) },
      atMs: repository.nextCommitMs(),
    })
    if (order.install ?? true) coverRepository(repository, order.permissions ?? appPermissions)
    return repository
  }

  /** Makes a person's fork, without the App. */
  async fork(world: World, parent: FakeRepository, by: string): Promise<FakeRepository> {
    const owner = world.people.person(by)
    const fork = await this.#add(world, { owner, name: parent.name, isPrivate: parent.isPrivate, parent })
    await fork.git.fetchFrom(parent.git, '+refs/heads/*:refs/heads/*')
    return fork
  }

  async #add(
    world: World,
    order: { owner: Account; name: string; isPrivate: boolean; parent?: FakeRepository },
  ): Promise<FakeRepository> {
    const { owner, name, isPrivate, parent } = order
    if (this.#findNamed(owner.login, name) !== undefined)
      throw new Error(`${owner.login}/${name} exists already.`)
    const git = await BareGit.create(this.#freeFolder(join(world.dataDir, owner.login, name)))
    const repository = new FakeRepository({ world, git, owner, name, isPrivate, ...(parent && { parent }) })
    this.#all.push(repository)
    return repository
  }

  // A renamed or deleted repository stays in its folder.
  #freeFolder(wanted: string): string {
    const isTaken = (path: string): boolean => this.#all.some(({ git }) => git.path === path)
    return isTaken(`${wanted}.git`) ? `${wanted}.${this.#all.length}.git` : `${wanted}.git`
  }

  #findNamed(owner: string, name: string): FakeRepository | undefined {
    const wanted = `${owner}/${name}`.toLowerCase()
    return this.#all.find(({ fullName, isDeleted }) => !isDeleted && fullName.toLowerCase() === wanted)
  }
}
