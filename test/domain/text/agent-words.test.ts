// What an agent wrote, as it is posted with our rights.

import { describe, expect, it } from 'vitest'
import { renderThreadReply } from '../../../src/domain/text/door.ts'
import { postable } from '../../../src/domain/text/agent-words.ts'

describe('postable', () => {
  it('mentions nobody, and leaves addresses and code alone', () => {
    expect(postable('Hi @alice and @acme/all, mail a@b.com, see https://x.org/@me')).toBe(
      'Hi @&#8203;alice and @&#8203;acme/all, mail a@b.com, see https://x.org/@me',
    )
    const code = '`@Override`\n\n```java\n@Override\n<!-- kept -->\n```'
    expect(postable(code)).toBe(code)
  })

  it('hides nothing and commands no other bot', () => {
    expect(postable('a <!-- b --> <?c')).toBe('a &lt;!-- b --> &lt;?c')
    expect(postable('/merge\n  /lgtm\n```\n/retest\n```')).toBe('\\/merge\n  \\/lgtm\n```\n\\/retest\n```')
  })

  it.each([
    ['so:\n```js\nx', 'so:\n```js\nx\n```'],
    ['~~~~\nx\n~~~', '~~~~\nx\n~~~\n~~~~'],
    ['```\nx\n```', '```\nx\n```'],
    ['- so:\n  ```\n  x', '- so:\n  ```\n  x'],
  ])('closes a block of code that nobody closed: %j', (text, posted) => {
    expect(postable(text)).toBe(posted)
    expect(renderThreadReply({ agent: 'climber', text })).toBe(
      `${posted}\n\n<sub>Written by the agent \`climber\`.</sub>`,
    )
  })

  it('shows a text that costs too much to read as it is', () => {
    const hostile = '['.repeat(3000)
    expect(postable(`${hostile} @alice\n/merge`)).toBe(`\`\`\`text\n${hostile} @alice\n\\/merge\n\`\`\``)
  })
})
