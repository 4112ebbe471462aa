// What the fake answered to each question before, for replicas that lag behind. Knows nothing of what is asked.

/** More than that is forgotten, oldest question first. */
const mostCharacters = 50_000_000

interface Answers {
  latest: string
  before: string | undefined
}

/** The last two different answers to each of the last questions, as text. */
export class EarlierAnswers {
  readonly #answers = new Map<string, Answers>()
  #characters = 0

  /** Keeps an answer. */
  remember(question: string, answer: string): void {
    const known = this.#forget(question)
    const isNews = known !== undefined && known.latest !== answer
    const answers = { latest: answer, before: isNews ? known.latest : known?.before }
    this.#answers.set(question, answers)
    this.#characters += sizeOf(answers)
    for (const oldest of this.#answers.keys()) {
      if (this.#characters <= mostCharacters) return
      this.#forget(oldest)
    }
  }

  /** Returns the answer before the latest different one, or undefined when there never was another. */
  find(question: string): string | undefined {
    return this.#answers.get(question)?.before
  }

  #forget(question: string): Answers | undefined {
    const known = this.#answers.get(question)
    this.#answers.delete(question)
    if (known !== undefined) this.#characters -= sizeOf(known)
    return known
  }
}

function sizeOf({ latest, before = '' }: Answers): number {
  return latest.length + before.length
}
