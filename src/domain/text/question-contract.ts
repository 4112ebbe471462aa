// The words of the question about a plan without tasks. Names only what did happen.

import { assertNever } from '../assert-never.ts'
import { DECISIONS } from '../decision/decision.ts'
import type { QuestionOf } from '../decision/subject.ts'
import { shortSha } from '../ids.ts'
import { blocks, codeCell, inlineCode, table } from './markdown.ts'
import { emptyContractWords, planFaultLines } from './plan-faults.ts'

type ContractQuestion = QuestionOf<'empty_contract'>

/** Returns what was looked for, what was found instead, and how the plan can be corrected. */
export function whyThereAreNoTasks(question: ContractQuestion): string {
  const { details } = question
  return blocks(
    `### ${DECISIONS.empty_contract.title}`,
    `${moment(question)} ${emptyContractWords(details.reason, details.path)} The pipeline stopped there; the worktree was left in step with the branch, and nothing was discarded.`,
    details.faults.length === 0 ? null : planFaultLines(details.path, details.faults),
    cure(question),
  )
}

function moment({ details, phase }: ContractQuestion): string {
  switch (details.gate) {
    case 'phase_end':
      return `After phase ${inlineCode(phase)} had done its work, Belay looked for the tasks it planned.`
    case 'phase_start':
      return `Before phase ${inlineCode(phase)} could start, Belay looked for the tasks it is to work on.`
    default:
      return assertNever(details.gate)
  }
}

function cure({ details }: ContractQuestion): string {
  const [path, branch] = [inlineCode(details.path), inlineCode(details.branch)]
  return `**What helps.** Put the tasks into ${path} on ${branch} and push: as a task list (\`- [ ] Title of the task\`), or in a block of code marked \`yaml tasks\`. After the push this question is asked anew for the new commit; answer it there with \`populate\`. Or have the phase that makes the plan run again with \`retry\`.`
}

/** Returns branch, head and where the plan is looked for. */
export function contractFacts({ details, headSha }: ContractQuestion): string {
  return table(
    ['', ''],
    [
      ['Branch', `${codeCell(details.branch)} at ${codeCell(shortSha(headSha))}`],
      ['The plan is expected at', codeCell(details.path)],
    ],
  )
}
