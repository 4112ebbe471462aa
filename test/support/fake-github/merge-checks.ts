// Asks git which heads merge into their bases: everything asked of one repository at the same time goes to one process.
import type { BareGit } from './bare-git.ts'

/** A head that may merge into a branch. */
interface Question {
  readonly base: string
  readonly head: string
  answer(isMerging: Promise<boolean>): void
}

const waiting = new WeakMap<BareGit, Question[]>()

/** Returns whether a commit merges into a branch without conflict. */
export function merges(git: BareGit, base: string, head: string): Promise<boolean> {
  return new Promise((resolve) => {
    const question = { base, head, answer: resolve }
    const others = waiting.get(git)
    if (others !== undefined) others.push(question)
    else {
      waiting.set(git, [question])
      setImmediate(() => void answerAll(git))
    }
  })
}

async function answerAll(git: BareGit): Promise<void> {
  const questions = waiting.get(git) ?? []
  waiting.delete(git)
  const lines = questions.map(({ base, head }) => `${base} ${head}\n`)
  const output = await git.tryRun([...mergeTree, '--stdin'], lines.join(''))
  const answers = output === undefined ? undefined : readAnswers(output)
  // One revision that is gone fails the whole process; then each is asked alone.
  questions.forEach((question, index) => {
    const known = answers?.[index]
    question.answer(known === undefined ? mergesAlone(git, question) : Promise.resolve(known))
  })
}

const mergeTree = ['merge-tree', '--write-tree', '--no-messages', '--name-only']

async function mergesAlone(git: BareGit, { base, head }: Question): Promise<boolean> {
  return (await git.tryRun([...mergeTree, base, head])) !== undefined
}

// For each merge: 1 or 0, the tree, the conflicting files, and an empty field; each ended by a zero byte.
function readAnswers(output: string): readonly boolean[] {
  const answers: boolean[] = []
  let isStart = true
  for (const field of output.split('\0')) {
    if (isStart && field !== '') answers.push(field === '1')
    isStart = field === ''
  }
  return answers
}
