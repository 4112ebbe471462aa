// Sorts what an agent typed behind a verb into plain words and options. Knows no verb's meaning.

/** What was typed behind a verb. */
export type DoorWords =
  | {
      readonly kind: 'words'
      readonly plain: readonly string[]
      /** Values of `-m`. */
      readonly texts: readonly string[]
      /** Values of `--option`. */
      readonly choices: readonly string[]
    }
  | { readonly kind: 'help' }
  /** Nothing of that name, or its value is missing. */
  | { readonly kind: 'unknown_option'; readonly option: string }

type Value = 'texts' | 'choices'

/** Reads `-m text`, `--message text`, `--message=text` and, with `hasChoices`, `--option`; what follows `--` is no option. */
export function sortWords(
  args: readonly string[],
  { hasChoices = false }: { hasChoices?: boolean },
): DoorWords {
  const found = { plain: [] as string[], texts: [] as string[], choices: [] as string[] }
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? ''
    if (word === '--') {
      found.plain.push(...args.slice(at + 1))
      break
    }
    if (word === '-h' || word === '--help') return { kind: 'help' }
    if (!word.startsWith('-') || word === '-') {
      found.plain.push(word)
      continue
    }
    const [name = '', ...joined] = word.split('=')
    const value = valueOf(name, hasChoices)
    const isJoined = joined.length > 0 && name.startsWith('--')
    const text = isJoined ? joined.join('=') : args[at + 1]
    if (value === null || text === undefined || (joined.length > 0 && !isJoined))
      return { kind: 'unknown_option', option: word }
    found[value].push(text)
    if (!isJoined) at += 1
  }
  return { kind: 'words', ...found }
}

function valueOf(name: string, hasChoices: boolean): Value | null {
  if (name === '-m' || name === '--message') return 'texts'
  return name === '--option' && hasChoices ? 'choices' : null
}
