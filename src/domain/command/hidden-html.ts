// Follows raw HTML through a comment: which elements stand open, so that what GitHub shows as a quote, as code, as a
// link or folded away is known as such. A scanner, not an HTML parser: it errs on the side of "does not count".

/** Elements whose content is not ordinary text of the person who wrote the comment. */
const SETTING_ASIDE =
  /<(\/?)(a|blockquote|code|del|details|dl|h[1-6]|kbd|ol|pre|q|s|samp|script|strike|style|summary|table|template|textarea|tt|ul|xmp)(?=[\s/>])/gi

/** Counts open elements by name; a new one starts empty. */
export type OpenElements = Map<string, number>

/** Notes the elements that a piece of raw HTML opens and closes. Closing what is not open changes nothing. */
export function followHtml(open: OpenElements, html: string): void {
  for (const match of withoutComments(html).matchAll(SETTING_ASIDE)) {
    const name = (match[2] ?? '').toLowerCase()
    const count = open.get(name) ?? 0
    if (match[1] === '') open.set(name, count + 1)
    else if (count > 1) open.set(name, count - 1)
    else open.delete(name)
  }
}

/** Tells whether a piece of raw HTML is a comment, a declaration or the like: nothing a reader of the page sees. */
export function isInvisibleHtml(html: string): boolean {
  return html.startsWith('<!') || html.startsWith('<?')
}

function withoutComments(html: string): string {
  let kept = ''
  let from = 0
  for (;;) {
    const start = html.indexOf('<!--', from)
    if (start === -1) return kept + html.slice(from)
    kept += html.slice(from, start)
    const end = html.indexOf('-->', start + 4)
    if (end === -1) return kept
    from = end + 3
  }
}
