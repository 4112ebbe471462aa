// One word for a POSIX shell.

/** Returns the text as one word that the shell changes nothing in. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
}
