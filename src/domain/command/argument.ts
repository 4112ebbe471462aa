// What the words after a verb may look like. One pattern for each kind of argument; knows no verb and no Markdown.

/** Matches the name of an agent, as operators write it in their catalogue. */
export const AGENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

/** Matches the id of a decision. */
const DECISION_ID = /^[a-z2-9]{6}$/

/** Matches the id of an option. */
const OPTION_ID = /^[a-z0-9][a-z0-9_-]{0,63}$/

/** Matches the name of a pin, short or as a full reference; `..` is refused beside it. */
const BACKUP_NAME = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,249}$/

/** Returns the name of an agent, or null when the word can not be one. */
export function readAgentName(word: string): string | null {
  return AGENT_NAME.test(word) ? word : null
}

/** Returns a decision id in lower case, or null when the word can not be one. */
export function readDecisionId(word: string): string | null {
  const id = word.toLowerCase()
  return DECISION_ID.test(id) ? id : null
}

/** Returns an option id in lower case, or null when the word can not be one. */
export function readOptionId(word: string): string | null {
  const id = word.toLowerCase()
  return OPTION_ID.test(id) ? id : null
}

/** Returns the name of a pin, or null when the word can not be one. */
export function readBackupName(word: string): string | null {
  return BACKUP_NAME.test(word) && !word.includes('..') ? word : null
}
