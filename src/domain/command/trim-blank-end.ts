// Trims as Markdown does. JavaScript's own trim takes more characters for white space, a no-break space for one, and a
// line that Markdown reads as text would become a blank line or an underline.

const BLANKS = ' \t\r\n'

/** Returns the text without the blanks, tabs and line ends at its end. Linear, unlike a pattern. */
export function trimBlankEnd(text: string): string {
  let end = text.length
  while (end > 0 && BLANKS.includes(text.charAt(end - 1))) end -= 1
  return text.slice(0, end)
}
