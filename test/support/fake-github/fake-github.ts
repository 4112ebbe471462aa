// The whole fake GitHub: starts it, makes repositories, plants faults, and shows what happened.
import { mkdir } from 'node:fs/promises'
import { publicKeyOf } from './app-key.ts'
import { CallLog, unknownRoute } from './call-log.ts'
import type { ApiCall, CallFilter } from './call-log.ts'
import { FakeClock } from './clock.ts'
import { recordDeliveries } from './delivery-recorder.ts'
import type { DeliveryRecording } from './delivery-recorder.ts'
import { Faults } from './faults.ts'
import { GraphqlCalls } from './graphql-calls.ts'
import { RateLimits } from './http/rate-limits.ts'
import { openFace } from './http/server.ts'
import type { Face } from './http/server.ts'
import { Ids } from './ids.ts'
import { Installations } from './installations.ts'
import type { Installation } from './installations.ts'
import { toAppJson } from './json/app-json.ts'
import { People } from './people.ts'
import { appPermissions } from './permissions.ts'
import type { Permissions } from './permissions.ts'
import { Repositories } from './repositories.ts'
import type { NewRepository } from './repositories.ts'
import type { FakeRepository } from './repository.ts'
import { Webhooks } from './webhooks.ts'
import type { Delivery } from './webhooks.ts'
import type { World } from './world.ts'

/** What a fake GitHub needs to know. */
export interface FakeGitHubOptions {
  readonly app: {
    readonly id: number
    readonly slug: string
    /** The App's private key in PEM; only its public half is used. */
    readonly privateKey: string
    readonly webhookSecret: string
    /** Where webhooks go; can be set later with `deliverTo`. */
    readonly webhookUrl?: string
  }
  /** A folder of its own, for the git repositories. */
  readonly dataDir: string
}

/** A GitHub on this machine. */
export class FakeGitHub {
  readonly world: World
  readonly #log: CallLog
  readonly #face: Face

  private constructor(world: World, log: CallLog, face: Face) {
    this.world = world
    this.#log = log
    this.#face = face
  }

  /** Starts a fake GitHub on a free port of 127.0.0.1. */
  static async start({ app, dataDir }: FakeGitHubOptions): Promise<FakeGitHub> {
    await mkdir(dataDir, { recursive: true })
    const face = await openFace()
    const clock = new FakeClock()
    const ids = new Ids()
    const people = new People(ids)
    const faults = new Faults(clock)
    const html = `http://127.0.0.1:${face.port}`
    const target = { appId: app.id, secret: app.webhookSecret, url: app.webhookUrl }
    const world: World = {
      dataDir,
      clock,
      ids,
      people,
      faults,
      rateLimits: new RateLimits(clock),
      graphqlCalls: new GraphqlCalls(),
      app: {
        id: app.id,
        slug: app.slug,
        owner: people.owner(`${app.slug}-makers`),
        bot: people.bot(app.slug),
        createdAt: clock.nowIso(),
        permissions: appPermissions,
        publicKey: publicKeyOf(app.privateKey),
        clientId: `Iv1.${app.id}`,
      },
      links: { html, api: `${html}/api/v3` },
      installations: new Installations(ids, clock),
      repositories: new Repositories(),
      webhooks: new Webhooks({ target, faults, clock, ids }),
    }
    const log = new CallLog(clock)
    face.serve(world, log)
    return new FakeGitHub(world, log, face)
  }

  /** `http://127.0.0.1:<port>`; REST, GraphQL (`/graphql`) and git answer below it. */
  get url(): string {
    return this.world.links.html
  }

  /** REST as a GitHub Enterprise Server offers it: `<url>/api/v3`. */
  get apiUrl(): string {
    return this.world.links.api
  }

  /** `127.0.0.1:<port>`, the value for `GHE_HOST`. */
  get host(): string {
    return `127.0.0.1:${this.#face.port}`
  }

  /** The clock of comments, commits and tokens. */
  get clock(): FakeClock {
    return this.world.clock
  }

  /** Faults to plant. */
  get faults(): Faults {
    return this.world.faults
  }

  /** Points per hour of everybody, to look at, to change and to use up. */
  get rateLimits(): RateLimits {
    return this.world.rateLimits
  }

  /** Every API and git call so far, in the order of the answers. */
  get calls(): readonly ApiCall[] {
    return this.#log.calls
  }

  /** Every GraphQL call with its price. */
  get graphqlCalls(): GraphqlCalls {
    return this.world.graphqlCalls
  }

  /** Calls that nobody here could answer; a test expects none. */
  get unknownRoutes(): readonly ApiCall[] {
    return this.calls.filter(({ route }) => route === unknownRoute)
  }

  /** Every webhook so far, in the order of the events. */
  get deliveries(): readonly Delivery[] {
    return this.world.webhooks.deliveries
  }

  /** Every installation of the App. */
  get installations(): readonly Installation[] {
    return this.world.installations.list()
  }

  /** Returns how many calls match. */
  countCalls(filter: CallFilter): number {
    return this.#log.count(filter)
  }

  /** Sends webhooks to this address from now on. */
  deliverTo(url: string): void {
    this.world.webhooks.target = { ...this.world.webhooks.target, url }
  }

  /** Sends the `ping` of a newly set up webhook. */
  ping(): void {
    const { world } = this
    const at = world.clock.nowIso()
    const config = {
      content_type: 'json',
      url: world.webhooks.target.url ?? '',
      insecure_ssl: '0',
      secret: '********',
    }
    const hook = {
      type: 'App',
      id: world.app.id,
      name: 'web',
      active: true,
      events: toAppJson(world, world.app)['events'],
      config,
      updated_at: at,
      created_at: at,
      app_id: world.app.id,
      deliveries_url: `${world.links.api}/app/hook/deliveries`,
    }
    const payload = { zen: 'Keep it logically awesome.', hook_id: world.app.id, hook }
    world.webhooks.send({ event: 'ping', payload, installationId: undefined, repositoryId: undefined })
  }

  /** Makes a repository with a first commit on `main`, and installs the App in it unless told otherwise. */
  createRepository(order: NewRepository): Promise<FakeRepository> {
    return this.world.repositories.create(this.world, order)
  }

  /** Changes what the App may do in all repositories of an owner, from now on. */
  setPermissions(owner: string, permissions: Permissions): void {
    const installation = this.installations.find(({ account }) => account.login === owner)
    if (installation === undefined) throw new Error(`The App is not installed by ${owner}.`)
    installation.permissions = permissions
  }

  /** Sends a delivery again: same id, same bytes. Resolves when it was answered. */
  redeliver(deliveryId: string): Promise<void> {
    return this.world.webhooks.redeliver(deliveryId)
  }

  /** Sends deliveries that faults keep back: those due by the clock and every unfilled window, or all. */
  releaseDeliveries(which: 'due' | 'all' = 'due'): void {
    this.world.webhooks.release(which)
  }

  /** Records every webhook from now on; `withheld` ones are only recorded and not sent. */
  recordDeliveries(sending: 'sent' | 'withheld' = 'sent'): DeliveryRecording {
    return recordDeliveries(this.world.webhooks, sending)
  }

  /** Resolves when no webhook is in flight; those kept back by faults are not. */
  settled(): Promise<void> {
    return this.world.webhooks.settled()
  }

  /** Stops sending and answering, and ends git. */
  async stop(): Promise<void> {
    await this.world.webhooks.stop()
    await this.#face.close()
    await Promise.all(this.world.repositories.list().map(({ git }) => git.close()))
  }
}
