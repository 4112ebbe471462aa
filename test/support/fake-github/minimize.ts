// Hiding a text and showing it again. GitHub sends no webhook for it and leaves the times alone.
import type { Classifier } from './review-thread.ts'

/** Something that can be hidden: a comment of a conversation or a thread, or a review. */
export interface Minimizable {
  isMinimized: boolean
  minimizedReason: string | null
}

/** Hides a text; GitHub shows the classifier in small letters, with a hyphen. */
export function minimize(text: Minimizable, classifier: Classifier): void {
  text.isMinimized = true
  text.minimizedReason = classifier.toLowerCase().replace('_', '-')
}

/** Shows a text again. */
export function unminimize(text: Minimizable): void {
  text.isMinimized = false
  text.minimizedReason = null
}
