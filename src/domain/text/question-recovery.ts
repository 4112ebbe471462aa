// The lines a person copies into a shell to look at what was pinned, without answering anything.

import { pinsOf } from '../decision/subject.ts'
import type { Decision } from '../records.ts'
import { shortSha } from '../ids.ts'
import type { PinNote } from '../sync/pin.ts'
import { pinRef } from '../sync/pin.ts'
import { blocks, fence, inlineCode } from './markdown.ts'

/** Returns how to get at the pins of a question by hand, or null when there are none. */
export function recoveryLines(decision: Decision): string | null {
  const pins = pinsOf(decision)
  const pushed = pins.filter(isOnRemote)
  const local = pins.filter((pin) => !isOnRemote(pin))
  if (pins.length === 0) return null
  const linesFrom = (source: string, chosen: readonly PinNote[]): string =>
    fence(chosen.flatMap((pin) => fetchLines(decision, pin, source)).join('\n'), 'sh')
  return blocks(
    '### To get at the pinned commits yourself',
    pushed.length === 0 ? null : linesFrom('origin', pushed),
    localWords(decision, local),
    local.length === 0 ? null : linesFrom(mirrorPath(decision.projectId), local),
  )
}

function isOnRemote({ push, branch }: PinNote): boolean {
  return push === 'pushed' || branch !== null
}

/** Returns where the mirror of a project lies, for a shell of the machine that runs Belay. */
export function mirrorPath(projectId: string): string {
  return `"$BELAY_HOME/mirrors/${projectId}.git"`
}

function fetchLines(decision: Decision, pin: PinNote, source: string): readonly string[] {
  const index = pinsOf(decision).indexOf(pin)
  const branch = `rescue-${decision.id}${index === 0 ? '' : `-${index + 1}`}`
  const ref =
    pin.push === 'pushed' || pin.branch === null ? pinRef(pin.prefix, 'head') : `refs/heads/${pin.branch}`
  return [`git fetch ${source} ${ref}`, `git branch ${branch} ${pin.head}`]
}

function localWords(decision: Decision, local: readonly PinNote[]): string | null {
  if (local.length === 0) return null
  const heads = local.map((pin) => inlineCode(shortSha(pin.head))).join(', ')
  const canRescue =
    decision.status === 'pending' && decision.options.some((option) => option.action === 'rescue_commits')
  return [
    `${heads} ${local.length === 1 ? 'lies' : 'lie'} only on the machine that runs Belay.`,
    canRescue ? 'Choose `rescue` below to have the commits on a branch of this repository.' : null,
    `${canRescue ? 'Or fetch' : 'Fetch'} them there, in a clone of this repository, with \`BELAY_HOME\` as the full path of Belay’s home:`,
  ]
    .filter((sentence) => sentence !== null)
    .join(' ')
}
