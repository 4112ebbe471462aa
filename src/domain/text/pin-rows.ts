// What is in a pin and where it lies, as rows of a table of facts. Everything foreign in them is escaped and bounded.

import { assertNever } from '../assert-never.ts'
import type { PinNote } from '../sync/pin.ts'
import { pinRef } from '../sync/pin.ts'
import { clip, codeCell, listing } from './markdown.ts'
import { isPushRefusal, pushRefusalText } from './push-result-text.ts'

const LISTED_PATHS = 20
const PATH_LENGTH = 120

/** Returns the rows of a table of facts that say what is in a pin and where it lies. */
export function pinRows(pin: PinNote): readonly (readonly string[])[] {
  return [
    ['Pinned as', `${codeCell(pinRef(pin.prefix, 'head'))}, ${pinPlace(pin)}`],
    ...(pin.dirtyPaths.length === 0
      ? []
      : [
          [
            'Uncommitted files',
            `${pathList(pin.dirtyPaths)} in ${codeCell(pinRef(pin.prefix, 'worktree'))}, ${filesPlace(pin)}`,
          ],
        ]),
  ]
}

function filesPlace({ files, push }: PinNote): string {
  if (files === 'pushed' && push === 'pushed') return 'on GitHub and on the runner'
  if (files === null || files === 'pushed') return 'on the runner'
  return `on the runner only. ${refusalMeaning(files)}`
}

/** Returns where a pin lies, and why only there. */
function pinPlace(pin: PinNote): string {
  switch (pin.push) {
    case 'pushed':
      return 'on GitHub and on the runner'
    case 'not_tried':
    case 'not_wanted':
      return 'on the runner'
    case 'expired':
      return 'on the runner only: the copy on GitHub was deleted 30 days after the question was closed'
    case 'disabled':
      return 'on the runner only, as `sync.push_backups` or a person wanted it'
    case 'refused':
      if (pin.branch !== null)
        return `on the runner, and on the branch ${codeCell(pin.branch)}. ${refusalMeaning(pin.pushRefusal)}`
      return `on the runner only. ${refusalMeaning(pin.pushRefusal)}`
    default:
      return assertNever(pin.push)
  }
}

function refusalMeaning(name: string | null): string {
  if (name === null || !isPushRefusal(name)) return 'GitHub refused the ref.'
  const said: Readonly<Record<string, string>> = {
    protected: 'GitHub refused the ref by a protection rule.',
    ruleset: 'GitHub refused the ref by a repository rule.',
    non_fast_forward: 'A ref of that name was there already.',
  }
  return said[name] ?? pushRefusalText(name).meaning
}

/** Returns paths for a cell, at most twenty by name. */
export function pathList(all: readonly string[]): string {
  return listing(
    all.map((path) => codeCell(clip(path, PATH_LENGTH))),
    LISTED_PATHS,
  )
}
