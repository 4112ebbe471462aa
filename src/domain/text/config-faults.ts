// What people read when a repository's configuration is wrong. Sentences only: what is checked, and where it stands in
// the file, is decided elsewhere. Quotes pieces of the file, shortened; whoever puts them on a page escapes them.

/** Longest piece of a file that a message repeats, in characters. */
const MAX_QUOTE_LENGTH = 60

/** Longest reason of the YAML parser that a message repeats, in characters. */
const MAX_REASON_LENGTH = 200

/** Fixed sentences of the configuration, by what they are about. */
export const CONFIG_TEXT = {
  agentName:
    'This must be the name of an agent in the operator’s catalogue: letters, digits, dots, dashes and underscores, at most 64.',
  duration: 'This must be a duration such as 45s, 30m, 2h or 1h30m.',
  durationOrNever: 'This must be a duration such as 30m, 12h or 2d, or the word never.',
  waitRange: 'This duration must be longer than nothing and at most 90d.',
  planPath: 'This must be a path inside the repository, such as .belay/plan.md.',
  durationRange: 'This duration must be longer than nothing and at most 24h.',
  phaseName:
    'The name of a phase must be lower-case letters, digits and dashes, start with a letter, and have at most 40.',
  emptyText: 'This text must not be empty.',
  login: 'This must be a login such as octocat or my-agent[bot], without @.',
  extendsFrom: 'This must name a repository, such as .github, owner/name or owner/name:path.',
  neverACommand: 'A repository can name an agent of the operator’s catalogue. It can never define a command.',
  durationHint: 'Write it with a unit, such as 30m.',
  emptyHint: 'Give it a value or remove the key.',
  schemaDescription: 'Settings of a repository that uses Belay, in .github/belay.yml on the default branch.',
} as const

/** Returns a piece of the file in quotation marks, on one line, shortened. */
export function quote(piece: string): string {
  return `"${clip(piece, MAX_QUOTE_LENGTH)}"`
}

/** Says that a key means nothing here. */
export function unknownKeyText(key: string): string {
  return `${quote(key)} is not a known key here.`
}

/** Asks whether a known word was meant. */
export function didYouMeanText(word: string): string {
  return `Did you mean ${quote(word)}?`
}

/** Lists the keys that are known at a place. */
export function knownKeysText(keys: readonly string[]): string {
  return `Known here: ${keys.join(', ')}.`
}

/** Says that a required key is missing. */
export function missingKeyText(key: string): string {
  return `The key ${quote(key)} is missing.`
}

/** Says that two phases share a name. */
export function repeatedPhaseText(name: string): string {
  return `The phase ${quote(name)} stands here for the second time.`
}

/** Says which kind of value belongs here, and which one was found. */
export function wrongKindText(expected: string, found: string): string {
  return `This must be ${expected}, but it is ${found}.`
}

/** Lists the values that are possible. */
export function wrongChoiceText(choices: readonly string[], found: string): string {
  const list = choices.length === 1 ? choices.join('') : `one of ${choices.join(', ')}`
  return `This must be ${list}, but it is ${found}.`
}

/** Says why a role is too low for a verb. */
export function roleTooLowText(verb: string): string {
  return `${quote(verb)} changes something, so nobody below write may use it. A repository can only raise this.`
}

/** Says that a number or a length is out of bounds. */
export function outOfBoundsText(bound: { readonly kind: 'least' | 'most'; readonly of: string }): string {
  return `This must be at ${bound.kind} ${bound.of}.`
}

/** Says what YAML itself has against the file. */
export function syntaxText(reason: string): string {
  const text = clip(reason.split('\n')[0] ?? '', MAX_REASON_LENGTH).trim()
  return `This is not valid YAML: ${text}${/[.…]$/.test(text) ? '' : '.'}`
}

function clip(piece: string, limit: number): string {
  const characters = Array.from(piece.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' '))
  return characters.length > limit ? `${characters.slice(0, limit).join('')}…` : characters.join('')
}
