// The transcript: stories, numbered scenes, lines with a margin. Knows nothing of what is told.
import type { Paint } from './paint.ts'
import { wrap } from './wrap.ts'

const WIDTH = 100

/** Prints a story scene by scene. */
export class Transcript {
  readonly paint: Paint
  readonly #write: (line: string) => void
  readonly #startedAt = performance.now()
  #scene = 0

  constructor(paint: Paint, write: (line: string) => void) {
    this.paint = paint
    this.#write = write
  }

  /** The room inside the margin. */
  get width(): number {
    return WIDTH - 4
  }

  /** Opens a story; its scenes count from one. */
  story(title: string): void {
    this.#scene = 0
    this.#write('')
    this.#write(this.paint.bold('═'.repeat(WIDTH)))
    this.#write(this.paint.bold(`  ${title}`))
    this.#write(this.paint.bold('═'.repeat(WIDTH)))
  }

  /** Opens a scene. */
  scene(title: string): void {
    this.#scene += 1
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(1)
    const head = `── ${this.#scene}. ${title} `
    this.#write('')
    this.#write(
      `${this.paint.bold(head)}${this.paint.dim(`${'─'.repeat(Math.max(2, WIDTH - head.length - 8))} ${seconds} s`)}`,
    )
  }

  /** Tells what happens, in sentences. */
  tell(text: string): void {
    for (const line of wrap(text, this.width)) this.#write(`  ${line}`.trimEnd())
  }

  /** Shows lines as they are, under a small title. */
  show(title: string, lines: readonly string[]): void {
    this.#write('')
    this.#write(`  ${this.paint.dim(title)}`)
    for (const line of lines) this.#write(line === '' ? '' : `    ${line}`)
  }
}
