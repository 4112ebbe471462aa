// Faults of a repository's configuration, one line each, with the place to look at.

import type { ConfigFault } from '../config/repository-config.ts'
import { clip, escapeText, inlineCode } from './markdown.ts'

const LISTED_FAULTS = 20
const TEXT_LENGTH = 300

/** Returns a list with one line for each fault: where, what, and what helps. */
export function configFaultLines(faults: readonly ConfigFault[]): string {
  const shown = faults.slice(0, LISTED_FAULTS).map((fault) => {
    const path = fault.path === '' ? '' : ` ${inlineCode(clip(fault.path, TEXT_LENGTH))}`
    const hint = fault.hint === undefined ? '' : ` ${escapeText(clip(fault.hint, TEXT_LENGTH))}`
    return `- Line ${fault.line}, column ${fault.column}${path}: ${escapeText(clip(fault.message, TEXT_LENGTH))}${hint}`
  })
  const rest = faults.length - shown.length
  return [...shown, ...(rest > 0 ? [`- And ${rest} more.`] : [])].join('\n')
}
