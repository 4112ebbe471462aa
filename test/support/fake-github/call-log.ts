// Every API and git call the fake answered, so that tests and benchmarks can count them.
import type { FakeClock } from './clock.ts'

/** One call, as it was answered. */
export interface ApiCall {
  readonly at: string
  readonly method: string
  readonly path: string
  /** Method and template, such as `GET /repos/{owner}/{repo}`, or `unknownRoute`. */
  readonly route: string
  /** HTTP status; 0 when the connection was cut. */
  readonly status: number
  /** `app`, `installation:<id>` or `none`. */
  readonly actor: string
  readonly requestBody?: unknown
}

/** Which calls to count: every given field must be equal, or a function decides. */
export type CallFilter =
  Partial<Pick<ApiCall, 'method' | 'path' | 'route' | 'status' | 'actor'>> | ((call: ApiCall) => boolean)

/** The route name of calls nobody here can answer. */
export const unknownRoute = 'unknownRoute'

/** The calls of one fake GitHub in the order of their answers. */
export class CallLog {
  readonly calls: ApiCall[] = []
  readonly #clock: FakeClock

  constructor(clock: FakeClock) {
    this.#clock = clock
  }

  /** Records a call. */
  record(call: Omit<ApiCall, 'at'>): void {
    this.calls.push({ at: this.#clock.nowIso(), ...call })
  }

  /** Returns how many calls match. */
  count(filter: CallFilter): number {
    if (typeof filter === 'function') return this.calls.filter(filter).length
    return this.calls.filter(
      (call) =>
        (filter.method ?? call.method) === call.method &&
        (filter.path ?? call.path) === call.path &&
        (filter.route ?? call.route) === call.route &&
        (filter.status ?? call.status) === call.status &&
        (filter.actor ?? call.actor) === call.actor,
    ).length
  }
}
