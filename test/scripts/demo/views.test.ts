// What the demo prints, without anything running.
import { describe, expect, it } from 'vitest'
import { renderConversation } from '../../../scripts/demo/conversation-view.ts'
import { PLAIN } from '../../../scripts/demo/paint.ts'
import { renderMarkdown } from '../../../scripts/demo/render-markdown.ts'
import { Transcript } from '../../../scripts/demo/transcript.ts'
import { renderDeliveries } from '../../../scripts/demo/webhook-view.ts'

const look = { paint: PLAIN, width: 60 }

describe('renderMarkdown', () => {
  it('aligns tables, folds details, ticks tasks, hides comments, keeps code and breaks lines', () => {
    const markdown = [
      '### The branch diverged',
      '',
      '@alice, your answer is needed. Everything that was in the worktree was pinned and nothing was lost on the way.',
      '',
      '| Phase | Status |',
      '|---|---|',
      '| implement | **failed** |',
      '| x | `pending` |',
      '',
      '```mermaid',
      'gitGraph',
      '  commit',
      '```',
      '',
      '- one',
      '- two',
      '  1. three',
      '',
      '* [x] `rope` Buy a rope',
      '  * [ ] `knot` Tie a knot',
      '',
      '```',
      'git fetch origin x',
      '```',
      '',
      '<details><summary>How to get it back</summary>',
      '',
      'Long text.',
      '',
      '</details>',
      '',
      '<!-- belay:question abc -->',
    ].join('\n')
    expect(renderMarkdown(markdown, look).join('\n')).toMatchInlineSnapshot(`
      "The branch diverged

      @alice, your answer is needed. Everything that was in the
      worktree was pinned and nothing was lost on the way.

      Phase      Status
      ─────────  ───────
      implement  failed
      x          pending

      ▸ a picture that GitHub draws (Mermaid gitGraph, 2 lines)

      • one
      • two
        1. three

      [x] rope Buy a rope
          [ ] knot Tie a knot

          git fetch origin x

      ▸ How to get it back (3 lines, folded)"
    `)
  })
})

describe('renderConversation', () => {
  it('frames each comment with author, time and reactions', () => {
    const lines = renderConversation(
      {
        number: 1,
        title: 'Guide the rocket',
        headBranch: 'guidance',
        baseBranch: 'main',
        comments: [
          {
            author: 'alice',
            body: '/belay run',
            createdAt: '2026-01-02T03:04:05Z',
            lastEditedAt: null,
            reactions: [{ by: 'belay[bot]', content: 'eyes' }],
          },
        ],
      },
      look,
    )
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "Guide the rocket #1  main <- guidance

      ┌─ alice · 03:04:05 ───────────────────────────────────────
      │ /belay run
      └─ [eyes by belay[bot]] ──────────────────────────────────"
    `)
  })
})

describe('renderDeliveries', () => {
  it('says event, sender, delivery, answer and the point', () => {
    const payload = { sender: { login: 'alice' }, comment: { body: '/belay run\nplease' } }
    const comment = { id: '0123456789ab', event: 'issue_comment', action: 'created', payload, status: 202 }
    expect(renderDeliveries([comment], PLAIN)).toMatchInlineSnapshot(`
      [
        "issue_comment.created          alice        01234567  -> 202  /belay run",
      ]
    `)
  })
})

describe('Transcript', () => {
  it('numbers the scenes of each story from one', () => {
    const lines: string[] = []
    const transcript = new Transcript(PLAIN, (line) => lines.push(line))
    for (const title of ['First', 'Second']) {
      transcript.story(title)
      transcript.scene('Opening')
      transcript.tell('Something happens.')
      transcript.show('Files', ['a', '', 'b'])
    }
    expect(lines.filter((line) => line.startsWith('── 1. Opening'))).toHaveLength(2)
    expect(lines.slice(-5)).toEqual(['', '  Files', '    a', '', '    b'])
  })
})
