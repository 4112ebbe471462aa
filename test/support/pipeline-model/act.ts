// Everything that can happen in a case, as plain data: what people, agents, GitHub, the machine and time do. Does nothing.

import type { AgentExit } from '../../../src/domain/session/attempt.ts'
import type { Death } from './life.ts'
import type { Faults } from './faults.ts'
import type { Trouble } from './worktree.ts'

/** How a webhook reaches the program. */
export type Delivery = 'once' | 'twice' | 'late' | 'never'

export type Person = 'alice' | 'carol' | 'bob' | 'mallory'

/** What an agent leaves in its worktree. */
export type WorkKind =
  | 'own_commit'
  | 'shared_commit'
  | 'dirty'
  | 'dirty_shared'
  | 'plan'
  | 'other_plan'
  | 'empty_plan'
  | 'faulty_plan'
  | 'no_plan'

export type VerdictKind = 'ack' | 'nack' | 'garbage' | 'nothing'

export type PushKind = 'clean' | 'conflicting' | 'same_change' | 'rewind' | 'delete' | 'restore'

export type AnswerVia = 'command' | 'bare' | 'short' | 'button' | 'rest' | 'cli' | 'label' | 'envelope'

export type Act =
  | { readonly do: 'run'; readonly by: Person }
  | { readonly do: 'work'; readonly what: WorkKind; readonly at: number }
  | { readonly do: 'end'; readonly exit: AgentExit; readonly at: number }
  | { readonly do: 'verdict'; readonly verdict: VerdictKind; readonly at: number }
  | { readonly do: 'ask'; readonly choices: number; readonly at: number }
  | { readonly do: 'push'; readonly what: PushKind; readonly delivery: Delivery }
  | {
      readonly do: 'answer'
      /** The open question, or an earlier one; counted from the newest. */
      readonly which: 'open' | number
      readonly option: number | 'wrong'
      readonly by: Person
      readonly via: AnswerVia
      readonly delivery: Delivery
      readonly isEdited?: true
    }
  | { readonly do: 'retry'; readonly via: 'command' | 'rest'; readonly phase: number | null }
  | { readonly do: 'populate'; readonly via: 'command' | 'rest' }
  | { readonly do: 'cancel'; readonly which: 'open' | number }
  | { readonly do: 'sync' }
  | { readonly do: 'stop'; readonly by: Person }
  | {
      readonly do: 'pull_request'
      readonly to: 'closed' | 'merged' | 'open' | 'other_base'
      readonly delivery: Delivery
    }
  | { readonly do: 'merge_queue'; readonly isIn: boolean }
  | { readonly do: 'checks'; readonly are: 'red' | 'green' }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'rest' }
  | { readonly do: 'crash'; readonly death: Death }
  | { readonly do: 'kill' }
  | { readonly do: 'fault'; readonly set: Partial<Faults> }
  | { readonly do: 'well' }
  | { readonly do: 'quick'; readonly exit: AgentExit | null }
  | { readonly do: 'trouble'; readonly is: Trouble }
  | { readonly do: 'late_news' }
  | { readonly do: 'repeat_report'; readonly at: number }

/** Returns a name for counting. */
export function nameOf(act: Act): string {
  switch (act.do) {
    case 'work':
    case 'push':
      return `${act.do} ${act.what}`
    case 'end':
      return `end ${act.exit.kind}`
    case 'verdict':
      return `verdict ${act.verdict}`
    case 'answer':
      return `answer by ${act.via}${act.option === 'wrong' ? ', wrong' : ''}${act.which === 'open' ? '' : ', earlier'}`
    case 'pull_request':
      return `pull request ${act.to}`
    case 'fault':
      return `fault ${Object.keys(act.set).join(', ')}`
    case 'trouble':
      return `trouble ${act.is ?? 'none'}`
    default:
      return act.do
  }
}
