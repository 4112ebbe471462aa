// What happened to a phase since it began, as the next attempt must be told it. Pure; the words are made elsewhere.

/** One thing that happened, as rendered Markdown. */
export interface Briefing {
  /**
   * `mishap`: how the attempt before ended; only the last one matters. `turn`: what people, reviewers or the branch
   * decided; it stays true until the phase is complete.
   */
  readonly about: 'mishap' | 'turn'
  readonly text: string
}

/** So many turns are told; what is older has been worked into the branch by then. */
const MOST_TURNS = 5

/** Returns what is to be told after one more thing happened, oldest first. */
export function addBriefing(before: readonly Briefing[], added: Briefing): readonly Briefing[] {
  const turns = before.filter(({ about }) => about === 'turn')
  return added.about === 'mishap' ? [...turns, added] : [...turns, added].slice(-MOST_TURNS)
}
