// One git process that lives on and answers questions in turn, because starting git costs more than its answer. It is
// started by the first question and again when it died. Knows neither the questions nor the answers.
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { gitEnvironment } from '../run-git.ts'

/** What a reader makes of the bytes so far: an answer and where it ends, or how many bytes it needs at least. */
export type Reading<T> = { readonly answer: T; readonly end: number } | { readonly needs: number }

/** Reads one answer from the start of the bytes. */
export type AnswerReader<T> = (bytes: Buffer) => Reading<T>

interface Waiting {
  readonly question: string
  /** Returns how many bytes were used, or how many are needed. */
  take(bytes: Buffer): { readonly used: number } | { readonly needs: number }
  fail(error: Error): void
  hasFailed: boolean
}

/** A git command that reads questions from its input, for one repository. */
export class LastingGit {
  readonly #cwd: string
  readonly #args: readonly string[]
  #child: ChildProcessWithoutNullStreams | undefined
  #waiting: Waiting[] = []
  #seen: Buffer[] = []
  #length = 0
  #needed = 1
  #isClosed = false

  constructor(cwd: string, args: readonly string[]) {
    this.#cwd = cwd
    this.#args = args
  }

  /** Returns the answer to a question, line end included; throws when git dies of it twice. */
  ask<T>(question: string, read: AnswerReader<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const take: Waiting['take'] = (bytes) => {
        const reading = read(bytes)
        if ('needs' in reading) return reading
        resolve(reading.answer)
        return { used: reading.end }
      }
      this.#waiting.push({ question, take, fail: reject, hasFailed: false })
      this.#running().stdin.write(question)
    })
  }

  /** Ends the process; a later question starts one that ends with its answer. */
  async close(): Promise<void> {
    this.#isClosed = true
    const child = this.#child
    if (child === undefined) return
    const closed = once(child, 'close')
    child.stdin.end()
    await closed
  }

  #running(): ChildProcessWithoutNullStreams {
    this.#child ??= this.#start()
    return this.#child
  }

  #start(): ChildProcessWithoutNullStreams {
    const child = spawn('git', [...this.#args], { cwd: this.#cwd, env: gitEnvironment(), stdio: 'pipe' })
    const troubles: Buffer[] = []
    child.stderr.on('data', (chunk: Buffer) => troubles.push(chunk))
    child.stdout.on('data', (chunk: Buffer) => this.#read(chunk))
    child.stdin.on('error', () => {
      // It died; what waits is asked again.
    })
    child.once('error', (error) => troubles.push(Buffer.from(String(error))))
    child.once('close', () => this.#askAgain(Buffer.concat(troubles).toString()))
    return child
  }

  #read(chunk: Buffer): void {
    this.#seen.push(chunk)
    this.#length += chunk.length
    while (this.#length >= this.#needed) {
      const [first] = this.#waiting
      if (first === undefined) throw new Error(`git ${this.#args.join(' ')} said more than it was asked`)
      const bytes = Buffer.concat(this.#seen)
      const taken = first.take(bytes)
      const rest = 'used' in taken ? bytes.subarray(taken.used) : bytes
      this.#seen = [rest]
      this.#length = rest.length
      this.#needed = 'used' in taken ? 1 : Math.max(taken.needs, rest.length + 1)
      if ('used' in taken) this.#waiting.shift()
    }
    if (this.#isClosed && this.#waiting.length === 0) this.#child?.stdin.end()
  }

  // Only the first that waited can be what git died of.
  #askAgain(trouble: string): void {
    this.#child = undefined
    this.#seen = []
    this.#length = 0
    this.#needed = 1
    const [first] = this.#waiting
    if (first === undefined) return
    if (first.hasFailed) {
      this.#waiting.shift()
      first.fail(new Error(`git ${this.#args.join(' ')} died: ${trouble.trim()}`))
    }
    first.hasFailed = true
    for (const { question } of this.#waiting) this.#running().stdin.write(question)
  }
}
