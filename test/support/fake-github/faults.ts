// Faults a test plants: deliveries sent twice or never, connections cut. Each is used up after `times`.

/** Which deliveries a fault is for: all, `issue_comment`, or `issue_comment.created`. */
export interface DeliveryFault {
  readonly event?: string
  readonly times: number
}

/** Which API calls lose their connection, and whether the work was done before. */
export interface ConnectionFault {
  /** A route template such as `POST /repos/{owner}/{repo}/check-runs`, or a pattern for it; absent means every call. */
  readonly route?: string | RegExp
  readonly times: number
  /** `before_response`: nothing was done. `after_effect`: the write took effect, only the answer is lost. */
  readonly when: 'before_response' | 'after_effect'
}

/** What happens to one delivery. */
export type DeliveryFate = 'delivered' | 'duplicated' | 'dropped'

interface Planted<T> {
  readonly fault: T
  left: number
}

/** The faults planted in one fake GitHub. */
export class Faults {
  readonly #duplicates: Planted<DeliveryFault>[] = []
  readonly #drops: Planted<DeliveryFault>[] = []
  readonly #cuts: Planted<ConnectionFault>[] = []

  /** Sends the next matching deliveries twice, with the same id and bytes. */
  duplicate(fault: DeliveryFault): void {
    this.#duplicates.push({ fault, left: fault.times })
  }

  /** Loses the next matching deliveries; they can be redelivered. */
  drop(fault: DeliveryFault): void {
    this.#drops.push({ fault, left: fault.times })
  }

  /** Destroys the socket of the next matching API or git calls. */
  cutConnection(fault: ConnectionFault): void {
    this.#cuts.push({ fault, left: fault.times })
  }

  /** Takes back every fault that was not used up. */
  clear(): void {
    for (const planted of [this.#duplicates, this.#drops, this.#cuts]) planted.length = 0
  }

  /** Returns what happens to a delivery and uses up the fault that says so. */
  takeDeliveryFate(event: string, action: string | undefined): DeliveryFate {
    const matches = ({ event: wanted }: DeliveryFault): boolean =>
      wanted === undefined || wanted === event || wanted === `${event}.${action ?? ''}`
    if (take(this.#drops, matches) !== undefined) return 'dropped'
    return take(this.#duplicates, matches) === undefined ? 'delivered' : 'duplicated'
  }

  /** Returns when the connection of this call is to be cut, and uses up the fault that says so. */
  takeCut(route: string): ConnectionFault['when'] | undefined {
    return take(this.#cuts, ({ route: wanted }) => {
      if (wanted === undefined) return true
      return typeof wanted === 'string' ? wanted === route : wanted.test(route)
    })?.when
  }
}

function take<T>(planted: Planted<T>[], matches: (fault: T) => boolean): T | undefined {
  const hit = planted.find(({ fault, left }) => left > 0 && matches(fault))
  if (hit !== undefined) hit.left -= 1
  return hit?.fault
}
