// What a failed check said, as one text: the end of its log, or else its annotations.

/** What is known of a failed check. */
interface Report {
  readonly logTail: string | null
  readonly annotations: readonly { readonly path: string; readonly line: number; readonly message: string }[]
}

/** Returns the text; empty when nothing is known. */
export function checkReportText({ logTail, annotations }: Report): string {
  if (logTail !== null && logTail.trim() !== '') return logTail
  return annotations.map(({ path, line, message }) => `${path}:${line}: ${message}`).join('\n')
}
