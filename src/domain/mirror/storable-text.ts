// Makes text from GitHub fit for the database. Knows no table.

/** Halves of a character beyond U+FFFF without their other half, and the character that ends a C string. */
const UNSTORABLE = /[\ud800-\udfff\0]/gu

/**
 * Returns the text with what no database keeps replaced by U+FFFD.
 *
 * Danger: SQLite makes such a half from JSON without a word, and its driver ends the process when it reads it again.
 */
export function storableText(text: string): string {
  return text.replace(UNSTORABLE, '\ufffd')
}
