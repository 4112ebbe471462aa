// What can go wrong with calls to the API, and which of it hits one call. Knows nothing of HTTP and GraphQL.
import type { FakeClock } from './clock.ts'
import { EarlierAnswers } from './earlier-answers.ts'
import type { Frequency, Random } from './planted.ts'
import { PlantedFaults } from './planted.ts'

/** A call as faults see it. */
export interface CallIdentity {
  /** A route template such as `POST /repos/{owner}/{repo}/check-runs`, or `POST /graphql`. */
  readonly route: string
  /** Whose token it carries, if any. */
  readonly installationId: number | undefined
}

/** Which calls a fault is for; what is absent matches every call. */
export interface CallFault extends Frequency {
  readonly route?: string | RegExp
  readonly installationId?: number
}

/** Which calls lose their connection, and whether the work was done before. */
export interface ConnectionFault extends CallFault {
  /**
   * `before_response`: nothing was done. `after_effect`: the write took effect, only the answer is lost.
   * `in_body`: it took effect, and the connection ends in the middle of the answer; for git that is `after_effect`.
   */
  readonly when: 'before_response' | 'after_effect' | 'in_body'
}

/** Which calls GitHub fails. */
export interface ServerFault extends CallFault {
  readonly status: 500 | 502 | 503 | 504
  /** `before_effect` when absent. */
  readonly when?: 'before_effect' | 'after_effect'
}

/** Calls that ask for more than `above` items in one page fail with a 502, as slow queries do. */
export interface LargePageFault extends CallFault {
  readonly above: number
}

/**
 * How the answer of a GraphQL query is damaged; each damage has its entry in `errors`.
 *
 * `null_object`: an object, at first an alias of the root, is null. `null_node`: one element of a list is null.
 * `null_nodes`: a whole page is null. `fewer_nodes`: a page ends early, with `pageInfo` as it was.
 */
export type DamageKind = 'null_object' | 'null_node' | 'null_nodes' | 'fewer_nodes'

/** Damaging the answers of GraphQL queries; one that has no such field is left alone and uses up nothing. */
export interface DamageFault extends CallFault {
  readonly how: DamageKind
  /** Which fields, by their dotted path of response names without indexes (`pr1.reviewThreads`); absent means any. */
  readonly at?: RegExp
  /** How many of the fields; 1 when absent. Drawn with `random`; without it the first ones. */
  readonly victims?: number
  readonly random?: Random
}

/** The abuse limit: refuses calls until the fake's clock is further. */
export interface SecondaryLimit {
  /** Absent means everybody. */
  readonly installationId?: number
  readonly lastsSeconds: number
  readonly status?: 403 | 429
  /** Whether `retry-after` is said (the default) or the client has to choose. */
  readonly retryAfter?: 'said' | 'unsaid'
}

/** A refusal by the abuse limit. */
export interface SecondaryRefusal {
  readonly status: 403 | 429
  readonly retryAfterSeconds: number | undefined
}

/** The faults planted for API and git calls. */
export class CallFaults {
  readonly cuts = new PlantedFaults<ConnectionFault>()
  readonly serverFaults = new PlantedFaults<ServerFault>()
  readonly largePages = new PlantedFaults<LargePageFault>()
  readonly damages = new PlantedFaults<DamageFault>()
  readonly staleReads = new PlantedFaults<CallFault>()
  readonly slowAnswers = new PlantedFaults<CallFault>()
  readonly earlierAnswers = new EarlierAnswers()
  readonly #limits: { readonly limit: SecondaryLimit; readonly endsAtMs: number }[] = []
  readonly #clock: FakeClock
  #release: (() => void)[] = []

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  /** Starts a secondary limit. */
  limit(limit: SecondaryLimit): void {
    this.#limits.push({ limit, endsAtMs: this.#clock.nowMs() + limit.lastsSeconds * 1000 })
  }

  /** Returns the refusal of the abuse limit that holds for this call now. */
  findLimit(installationId: number | undefined): SecondaryRefusal | undefined {
    const now = this.#clock.nowMs()
    const hit = this.#limits.find(
      ({ limit, endsAtMs }) =>
        endsAtMs > now && (limit.installationId === undefined || limit.installationId === installationId),
    )
    if (hit === undefined) return undefined
    const { status = 403, retryAfter = 'said' } = hit.limit
    const seconds = Math.ceil((hit.endsAtMs - now) / 1000)
    return { status, retryAfterSeconds: retryAfter === 'said' ? seconds : undefined }
  }

  /** Resolves when the answer may go: at once, or when a slow one is released. */
  async wait(call: CallIdentity): Promise<void> {
    if (this.slowAnswers.take(matching(call)) === undefined) return
    await new Promise<void>((resolve) => this.#release.push(resolve))
  }

  /** How many slow answers are ready and held back. */
  get heldCount(): number {
    return this.#release.length
  }

  /** Lets every slow answer go that is held back now. */
  release(): void {
    const held = this.#release
    this.#release = []
    for (const go of held) go()
  }

  /** Takes everything back and lets held answers go. */
  clear(): void {
    const { cuts, serverFaults, largePages, damages, staleReads, slowAnswers } = this
    for (const planted of [cuts, serverFaults, largePages, damages, staleReads, slowAnswers]) planted.clear()
    this.#limits.length = 0
    this.release()
  }
}

/** Returns the test of whether a fault is for this call. */
export function matching({ route, installationId }: CallIdentity): (fault: CallFault) => boolean {
  return (fault) => {
    if (fault.installationId !== undefined && fault.installationId !== installationId) return false
    if (fault.route === undefined) return true
    return typeof fault.route === 'string' ? fault.route === route : fault.route.test(route)
  }
}
