// The remote of both sides: the generated repository in a fake GitHub, served over smart HTTP on loopback. Its objects
// are borrowed, so that opening one costs nothing.

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createAppKey, FakeGitHub } from '../../../test/support/fake-github/index.ts'
import { git } from '../../../test/support/temp-repo.ts'
import { fastImport } from '../repository/fast-import.ts'
import { OURS, roundsStream, THEIRS, type RoundsShape } from './rounds.ts'

const BRANCH = 'work'

/** One round's commits. */
export interface Round {
  /** Where the remote's branch is before the round. */
  readonly base: string
  /** Where it goes. */
  readonly theirs: string
  /** Our last commit, or the base when we have none. */
  readonly ours: string
}

/** A running GitHub with one repository. */
export class Origin {
  readonly branch = BRANCH
  /** The address everything below is found under. */
  readonly baseUrl: string
  readonly url: string
  /** The bare repository's folder. */
  readonly path: string
  /** The commit the generated history ends with. */
  readonly tip: string
  readonly token: string
  readonly repository: {
    readonly installationId: number
    readonly repositoryId: number
    readonly owner: string
    readonly name: string
  }
  readonly #github: FakeGitHub

  private constructor(
    github: FakeGitHub,
    parts: Pick<Origin, 'path' | 'tip' | 'token' | 'repository' | 'url'>,
  ) {
    this.#github = github
    this.baseUrl = github.url
    this.url = parts.url
    this.path = parts.path
    this.tip = parts.tip
    this.token = parts.token
    this.repository = parts.repository
  }

  /** Starts it with `main` and `work` at the generated history's end. */
  static async open(folder: string, generated: string): Promise<Origin> {
    const { privateKey } = createAppKey()
    const app = { id: 1, slug: 'belay', privateKey, webhookSecret: 'a secret of the benchmarks' }
    const github = await FakeGitHub.start({ app, dataDir: join(folder, 'github') })
    const {
      id,
      name,
      owner,
      cloneUrl,
      git: bare,
    } = await github.createRepository({ owner: 'acme', name: 'rope' })
    const installation = github.world.installations.findByRepository(id)
    if (installation === undefined) throw new Error('The App is not installed')
    const whole = { repositoryIds: undefined, permissions: undefined }
    const { value: token } = github.world.installations.createToken(installation, whole)
    await writeFile(join(bare.path, 'objects', 'info', 'alternates'), `${join(generated, 'objects')}\n`)
    const tip = await git(generated, 'rev-parse', 'refs/heads/main')
    for (const branch of ['main', BRANCH]) await bare.run(['update-ref', `refs/heads/${branch}`, tip])
    const repository = { installationId: installation.id, repositoryId: id, owner: owner.login, name }
    return new Origin(github, { path: bare.path, tip, token, repository, url: cloneUrl })
  }

  /** Makes the commits of all rounds, on refs that no clone fetches by itself. */
  async addRounds(shape: Omit<RoundsShape, 'tip'>): Promise<readonly Round[]> {
    await fastImport(this.path, roundsStream({ ...shape, tip: this.tip }))
    const listed = await git(this.path, 'for-each-ref', '--format=%(refname) %(objectname)', 'refs/bench/')
    const refs = new Map(listed.split('\n').map((line) => line.split(' ') as [string, string]))
    const refOf = (name: string, commits: number): string | undefined => {
      const sha = refs.get(name)
      if (commits > 0 && sha === undefined) throw new Error(`${name} was not made`)
      return sha
    }
    let base = this.tip
    return Array.from({ length: shape.rounds }, (_, round) => {
      const theirs = refOf(`${THEIRS}${round}`, shape.theirs) ?? base
      const ours = refOf(`${OURS}${round}`, shape.ours) ?? base
      const made = { base, theirs, ours }
      base = theirs
      return made
    })
  }

  /** Moves the branch, as a push of somebody else. */
  async moveTo(sha: string): Promise<void> {
    await git(this.path, 'update-ref', `refs/heads/${BRANCH}`, sha)
  }

  async close(): Promise<void> {
    await this.#github.stop()
  }
}
