// The lines a person copies into a shell to look at what was pinned, without answering anything.

import type { Decision } from '../records.ts'
import { shortSha } from '../ids.ts'
import type { PinNote } from '../sync/pin.ts'
import { pinRef } from '../sync/pin.ts'
import { blocks, fence, inlineCode } from './markdown.ts'

/** Returns how to get at the pins of a question by hand, or null when there are none. */
export function recoveryLines(decision: Decision): string | null {
  const pushed = decision.details.pins.filter((pin) => pin.push === 'pushed')
  const local = decision.details.pins.filter((pin) => pin.push !== 'pushed')
  if (pushed.length + local.length === 0) return null
  return blocks(
    '### To get at the pinned commits yourself',
    pushed.length === 0
      ? null
      : fence(pushed.flatMap((pin, index) => fetchLines(decision, pin, index)).join('\n'), 'sh'),
    localLine(decision, local),
  )
}

function fetchLines(decision: Decision, pin: PinNote, index: number): readonly string[] {
  const branch = `rescue-${decision.id}${index === 0 ? '' : `-${index + 1}`}`
  return [`git fetch origin ${pinRef(pin.prefix, 'head')}`, `git branch ${branch} ${pin.head}`]
}

function localLine(decision: Decision, local: readonly PinNote[]): string | null {
  if (local.length === 0) return null
  const heads = local.map((pin) => inlineCode(shortSha(pin.head))).join(', ')
  const rescue = decision.options.some((option) => option.action === 'rescue_commits')
    ? 'Choose `rescue` below to have the commits on a branch'
    : 'The operator can put the commits on a branch with `belay backups rescue`'
  return `${heads} ${local.length === 1 ? 'lies' : 'lie'} on the runner only, so there is nothing to fetch. ${rescue}.`
}
