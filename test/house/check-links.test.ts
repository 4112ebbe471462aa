import { describe, expect, it } from 'vitest'
import { mentionedPaths, mentionedScripts } from '../../scripts/check-links.ts'

describe('mentionedPaths', () => {
  it('finds relative links and paths in inline code, from the root of the repository', () => {
    const text = 'See [this](../README.md#set-up), [that](https://example.com) and `src/edge/`, not `src`.'
    expect(mentionedPaths('docs/a.md', text)).toEqual([
      { file: 'docs/a.md', path: 'README.md' },
      { file: 'docs/a.md', path: 'src/edge/' },
    ])
  })

  it('finds nothing in text without paths', () => {
    expect(mentionedPaths('a.md', 'Nothing [here](#below) or at https://example.com.')).toEqual([])
  })
})

describe('mentionedScripts', () => {
  it('finds what people are told to run', () => {
    expect(
      mentionedScripts('Run `npm run db:generate`, then npm run check -- --only docs, then npm test.'),
    ).toEqual(['db:generate', 'check'])
  })
})
