// What can go wrong with webhooks on their way, and what that comes to for one of them.
// Knows nothing of queues and sockets.
import type { Frequency, Random } from './planted.ts'
import { PlantedFaults } from './planted.ts'

/** Which deliveries a fault is for: all, `issue_comment`, or `issue_comment.created`. */
export interface DeliveryFault extends Frequency {
  readonly event?: string
}

/** Losing deliveries. */
export interface DropFault extends DeliveryFault {
  /** `listed` (the default): a failed attempt is in the App's list. `unlisted`: GitHub itself forgot the event. */
  readonly trace?: 'listed' | 'unlisted'
}

/** Sending deliveries more than once. */
export interface DuplicateFault extends DeliveryFault {
  /** How often each is sent beyond the first time; 1 when absent, drawn from 1 to this with `random`. */
  readonly copies?: number
  readonly random?: Random
  /** `delivery` (the default): the same attempt seen twice. `redelivery`: listed as asked for again. */
  readonly as?: 'delivery' | 'redelivery'
}

/** Sending deliveries late: when the fake's clock is there and the test releases them. */
export interface DelayFault extends DeliveryFault {
  readonly byMs: number
}

/** Holding deliveries back until so many are there, then sending these in any order. */
export interface ReorderFault extends DeliveryFault {
  readonly window: number
  readonly random: Random
}

/** Showing an object as an earlier delivery showed it. */
export interface StalePayloadFault extends DeliveryFault {
  /** How many versions back; 1 when absent, and the oldest when there are fewer. */
  readonly back?: number
}

/**
 * How an attempt fails between GitHub and the App.
 *
 * `cut_in_body`: the connection ends in the middle of the request. `lose_answer`: it was received and answered, but the answer
 * is lost. `refuse`: a gateway answers `status`, the App sees nothing. `fail_after_receipt`: it was received and answered,
 * but GitHub notes `status`.
 */
export type BreakKind = 'cut_in_body' | 'lose_answer' | 'refuse' | 'fail_after_receipt'

/** Failing the first attempt of deliveries. */
export interface BreakFault extends DeliveryFault {
  readonly how: BreakKind
  /** What a gateway answers; 502 when absent. */
  readonly status?: number
}

/** What happens to one delivery, everything together. */
export interface DeliveryFate {
  readonly drop: DropFault | undefined
  readonly duplicate: { readonly copies: number; readonly as: 'delivery' | 'redelivery' } | undefined
  readonly delay: DelayFault | undefined
  readonly reorder: ReorderFault | undefined
  readonly breakage: BreakFault | undefined
}

/** The faults planted for webhooks. */
export class DeliveryFaults {
  readonly drops = new PlantedFaults<DropFault>()
  readonly duplicates = new PlantedFaults<DuplicateFault>()
  readonly delays = new PlantedFaults<DelayFault>()
  readonly reorders = new PlantedFaults<ReorderFault>()
  readonly stalePayloads = new PlantedFaults<StalePayloadFault>()
  readonly breaks = new PlantedFaults<BreakFault>()

  /** Returns what happens to a delivery and uses up the faults that say so; a dropped one uses up nothing else. */
  takeFate(event: string, action: string | undefined): DeliveryFate {
    const matches = toMatcher(event, action)
    const drop = this.drops.take(matches)
    if (drop !== undefined) return { drop, ...nothing }
    const duplicate = this.duplicates.take(matches)
    return {
      drop,
      duplicate: duplicate && { copies: countCopies(duplicate), as: duplicate.as ?? 'delivery' },
      delay: this.delays.take(matches),
      reorder: this.reorders.take(matches),
      breakage: this.breaks.take(matches),
    }
  }

  /** Returns how many versions back the payload is to be, or undefined; asked only when there is an older version. */
  takeStepsBack(event: string, action: string | undefined): number | undefined {
    const fault = this.stalePayloads.take(toMatcher(event, action))
    return fault && (fault.back ?? 1)
  }

  /** Takes everything back. */
  clear(): void {
    const { drops, duplicates, delays, reorders, stalePayloads, breaks } = this
    for (const planted of [drops, duplicates, delays, reorders, stalePayloads, breaks]) planted.clear()
  }
}

const nothing = { duplicate: undefined, delay: undefined, reorder: undefined, breakage: undefined }

function toMatcher(event: string, action: string | undefined): (fault: DeliveryFault) => boolean {
  return ({ event: wanted }) =>
    wanted === undefined || wanted === event || wanted === `${event}.${action ?? ''}`
}

function countCopies({ copies = 1, random }: DuplicateFault): number {
  return random === undefined ? copies : 1 + Math.floor(random() * copies)
}
