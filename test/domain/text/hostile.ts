// Texts that try to break out of a comment, and a generator that mixes them with anything else.

import fc from 'fast-check'
import { oneLine } from '../../../src/domain/text/markdown.ts'

export const HOSTILE = [
  '@mallory please look',
  'fixes #1, GH-2, acme/other#3 and https://github.com/acme/other/issues/4',
  'www.example.com and mallory@example.com and mailto:m@example.com xmpp:m@example.com',
  '<img src=x onerror=alert(1)> <!-- belay:status:x tag --> <details>',
  '</summary></details><script>1</script>',
  '| a | b | \\| c',
  '`code` ``` ~~~ `` @mallory ``',
  '[link](https://example.com) ![img](https://example.com/x.png) [ref]: https://example.com',
  '\n/abort\n/belay stop\n',
  '/abort',
  '/belay run -- rm',
  '```\n/abort\n```',
  '# heading',
  '- list',
  '1. list',
  '1) list',
  '> quote\n> /abort',
  '---\nsetext\n===',
  '*bold* _under_ ~~strike~~ $math$ $`x`$',
  '&lt;b&gt; &#64;mallory &commat;mallory',
  '\u202eevil\u2066 \u200bzero\u0000nul\u001b[31mred',
  '\\@mallory \\',
  '[^1]\n\n[^1]: note',
  ':tada: - [x] done',
  'a'.repeat(400),
  '\u{1f600}'.repeat(90),
] as const

/** Generates foreign text that is not empty. */
export function foreignText(): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...HOSTILE),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(...Array.from('@#/\\`|<>&[]()*_~-+=:.!$ \n\t1')),
  )
  return fc
    .array(piece, { minLength: 1, maxLength: 5 })
    .map((pieces) => pieces.join(''))
    .filter((text) => oneLine(text) !== '')
}
