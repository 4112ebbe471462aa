// The faults a test plants in one fake GitHub: deliveries lost, doubled, late, stale or in another order;
// calls cut, failed, slowed, limited or answered from the past. Faults add up; each is used up after `times`.
import { CallFaults, matching } from './call-faults.ts'
import type {
  CallFault,
  CallIdentity,
  ConnectionFault,
  DamageFault,
  LargePageFault,
  SecondaryLimit,
  ServerFault,
} from './call-faults.ts'
import type { FakeClock } from './clock.ts'
import { DeliveryFaults } from './delivery-faults.ts'
import type {
  BreakFault,
  DelayFault,
  DropFault,
  DuplicateFault,
  ReorderFault,
  StalePayloadFault,
} from './delivery-faults.ts'

/** The faults planted in one fake GitHub. */
export class Faults {
  /** Read by the part that sends webhooks. */
  readonly ofDeliveries = new DeliveryFaults()
  /** Read by the part that answers calls. */
  readonly ofCalls: CallFaults

  constructor(clock: FakeClock) {
    this.ofCalls = new CallFaults(clock)
  }

  /** Loses the next matching deliveries; listed ones can be redelivered. */
  drop(fault: DropFault): void {
    this.ofDeliveries.drops.plant(fault)
  }

  /** Sends the next matching deliveries more than once, with the same id and bytes. */
  duplicate(fault: DuplicateFault): void {
    this.ofDeliveries.duplicates.plant(fault)
  }

  /** Holds the next matching deliveries back until the clock is there and they are released. */
  delay(fault: DelayFault): void {
    this.ofDeliveries.delays.plant(fault)
  }

  /** Sends the next matching deliveries in another order, `window` at a time; what is left over waits to be released. */
  reorder(fault: ReorderFault): void {
    this.ofDeliveries.reorders.plant(fault)
  }

  /** Lets the next matching deliveries show an object as it was; one whose object was never sent before stays true. */
  stalePayload(fault: StalePayloadFault): void {
    this.ofDeliveries.stalePayloads.plant(fault)
  }

  /** Fails the first attempt of the next matching deliveries between GitHub and the App. */
  breakDelivery(fault: BreakFault): void {
    this.ofDeliveries.breaks.plant(fault)
  }

  /** Destroys the socket of the next matching API or git calls. */
  cutConnection(fault: ConnectionFault): void {
    this.ofCalls.cuts.plant(fault)
  }

  /** Answers the next matching API calls with a 5xx. */
  failServer(fault: ServerFault): void {
    this.ofCalls.serverFaults.plant(fault)
  }

  /** Fails the next matching API calls that ask for large pages. */
  failLargePages(fault: LargePageFault): void {
    this.ofCalls.largePages.plant(fault)
  }

  /** Damages the next matching GraphQL answers. */
  damage(fault: DamageFault): void {
    this.ofCalls.damages.plant(fault)
  }

  /**
   * Answers the next matching reads with the last different answer to the same question, as a lagging replica does.
   *
   * A question that never had another answer is answered truly and uses up nothing.
   */
  lagReads(fault: CallFault): void {
    this.ofCalls.staleReads.plant(fault)
  }

  /** Holds the answers of the next matching API calls back until `releaseAnswers`; their effect is there at once. */
  slowDown(fault: CallFault): void {
    this.ofCalls.slowAnswers.plant(fault)
  }

  /** How many answers are held back now. */
  get heldAnswers(): number {
    return this.ofCalls.heldCount
  }

  /** Lets the answers go that are held back. */
  releaseAnswers(): void {
    this.ofCalls.release()
  }

  /** Refuses API calls by the secondary limit until the fake's clock is further. */
  secondaryLimit(limit: SecondaryLimit): void {
    this.ofCalls.limit(limit)
  }

  /** Takes back every fault that was not used up; held deliveries stay held, held answers go. */
  clear(): void {
    this.ofDeliveries.clear()
    this.ofCalls.clear()
  }

  /** Returns when the connection of this call is to be cut, and uses up the fault that says so. */
  takeCut(route: string, installationId?: number): ConnectionFault['when'] | undefined {
    const call: CallIdentity = { route, installationId }
    return this.ofCalls.cuts.take(matching(call))?.when
  }
}
