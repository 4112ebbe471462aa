// Writes docs/sync-cases.md: every way a synchronisation can end, and every state that leads there.

import type { SyncCaseSpec } from '../../src/domain/sync/case.ts'
import type { SyncState } from '../../src/domain/sync/sync-state.ts'
import { code, generatedNotice, markdownTable } from './markdown-table.ts'

/** States that belong together, under one heading. */
export interface StateTable {
  readonly title: string
  readonly says: string
  readonly states: Readonly<Record<string, SyncState>>
}

export interface SyncCasesContent {
  readonly cases: Readonly<Record<string, SyncCaseSpec>>
  readonly tables: readonly StateTable[]
}

/** Returns the document for a table of cases and the tables of states. */
export function syncCasesDocument({ cases, tables }: SyncCasesContent): string {
  return [
    generatedNotice('src/domain/sync/case.ts and src/domain/sync/state.ts'),
    '# Sync cases',
    'Every synchronisation of a worktree ends with one of these cases. It is logged as one line named `worktree_sync_outcome` and kept in the table `sync_operations`.',
    '*Goes on* says whether the agent may work in the worktree afterwards. *Asks* names the [decision](decisions.md) that is opened.',
    casesTable(cases),
    '## States',
    'Every state of a worktree and of its remote that Belay knows, and the case a sync of it ends with when nothing else is the matter. Each row has a story that the tests in `test/workflows/sync-states/` play with real git. A machine that can not mount a file system leaves out the rows that need one; the tests print their names and count them as skipped.',
    '*Pins* means: commits, index and files are saved under refs in the mirror and read back, before anything else happens. *Kept* names what the pin holds or what is left where it lies.',
    ...tables.flatMap(({ title, says, states }) => [`### ${title}`, says, statesTable(states)]),
  ].join('\n\n')
}

function casesTable(cases: SyncCasesContent['cases']): string {
  return markdownTable(
    ['Case', 'What it means', 'Level', 'Goes on', 'Asks'],
    Object.entries(cases).map(([name, spec]) => [
      code(name),
      spec.meaning,
      spec.level,
      goesOn(spec),
      spec.opens === null ? '–' : `[${code(spec.opens)}](decisions.md#${spec.opens})`,
    ]),
  )
}

function goesOn({ mayGoOn, startsOver }: SyncCaseSpec): string {
  if (startsOver) return 'starts over'
  return mayGoOn ? 'yes' : 'no'
}

function statesTable(states: StateTable['states']): string {
  return markdownTable(
    ['State', 'How it is seen', 'What is done', 'Kept', 'Case', 'Row'],
    Object.entries(states).map(([id, { state, seen, does, keeps, case: name }]) => [
      state,
      seen,
      does,
      keeps ?? '–',
      code(name),
      code(id),
    ]),
  )
}
