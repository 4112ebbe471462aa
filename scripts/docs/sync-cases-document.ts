// Writes docs/sync-cases.md: every way a synchronisation can end.

import type { SyncCaseSpec } from '../../src/domain/sync/case.ts'
import { code, generatedNotice, markdownTable } from './markdown-table.ts'

/** Returns the document for a table of cases. */
export function syncCasesDocument(cases: Readonly<Record<string, SyncCaseSpec>>): string {
  return [
    generatedNotice('src/domain/sync/case.ts'),
    '# Sync cases',
    'Every synchronisation of a worktree ends with one of these cases. It is logged as one line named `worktree_sync_outcome` and kept in the table `sync_operations`.',
    '*Goes on* says whether the agent may work in the worktree afterwards. *Asks* names the [decision](decisions.md) that is opened.',
    markdownTable(
      ['Case', 'What it means', 'Level', 'Goes on', 'Asks'],
      Object.entries(cases).map(([name, spec]) => [
        code(name),
        spec.meaning,
        spec.level,
        spec.mayGoOn ? 'yes' : 'no',
        spec.opens === null ? '–' : `[${code(spec.opens)}](decisions.md#${spec.opens})`,
      ]),
    ),
  ].join('\n\n')
}
