// Webhooks as lines: event, who, which delivery, and what the program answered.
import type { Paint } from './paint.ts'
import { clip } from './wrap.ts'

/** The parts of a delivery that are shown. */
export interface DeliveryFacts {
  readonly id: string
  readonly event: string
  readonly action: string | undefined
  readonly payload: Readonly<Record<string, unknown>>
  readonly status: number | undefined
}

/** Returns one line for each delivery. */
export function renderDeliveries(deliveries: readonly DeliveryFacts[], paint: Paint): readonly string[] {
  return deliveries.map((delivery) => {
    const name = delivery.action === undefined ? delivery.event : `${delivery.event}.${delivery.action}`
    const answer = delivery.status === undefined ? '...' : String(delivery.status)
    const isTaken = delivery.status === 202
    return [
      name.padEnd(29),
      senderOf(delivery.payload).padEnd(11),
      paint.dim(delivery.id.slice(0, 8)),
      (isTaken ? paint.green : paint.red)(`-> ${answer}`),
      paint.dim(clip(detailOf(delivery), 42)),
    ].join('  ')
  })
}

function senderOf(payload: Readonly<Record<string, unknown>>): string {
  return textAt(payload, ['sender', 'login'])
}

function detailOf({ event, payload }: DeliveryFacts): string {
  if (event === 'issue_comment') return firstLine(textAt(payload, ['comment', 'body']))
  if (event === 'push') return `${textAt(payload, ['ref'])} ${textAt(payload, ['after']).slice(0, 7)}`
  if (event === 'pull_request') return `head ${textAt(payload, ['pull_request', 'head', 'sha']).slice(0, 7)}`
  if (event === 'check_run') {
    const title = textAt(payload, ['check_run', 'output', 'title'])
    return `${textAt(payload, ['check_run', 'status'])} ${textAt(payload, ['check_run', 'conclusion'])} ${title}`.trim()
  }
  return ''
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replaceAll(/[*`]/g, '')
}

function textAt(value: unknown, path: readonly string[]): string {
  let current: unknown = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return ''
    current = Object.entries(current).find(([name]) => name === key)?.[1]
  }
  return typeof current === 'string' ? current : ''
}
