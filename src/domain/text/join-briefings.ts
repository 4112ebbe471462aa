// Several things that happened, as one beginning of a prompt: the newest first.

import type { Briefing } from '../pipeline/briefings.ts'
import { blocks } from './markdown.ts'

/** The heading every block for an agent begins with. */
const FIRST = '# Read this first'

/** Returns the beginning of the prompt; null when nothing happened. */
export function joinBriefings(briefings: readonly Briefing[]): string | null {
  const [newest, ...older] = briefings.toReversed()
  if (newest === undefined) return null
  return blocks(newest.text, ...older.map(({ text }) => text.replace(FIRST, '# Before that')))
}
