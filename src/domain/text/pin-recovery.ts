// The lines that bring a pin back exactly as it was, with plain git. docs/recovery.md explains them one by one.

import { shellWord } from './shell-word.ts'
import { mirrorPath } from './question-recovery.ts'
import type { Backup } from '../records.ts'

/** Attributes that keep git from changing a byte on its way to the disk. */
const AS_STORED = '* -text !eol -filter -ident -working-tree-encoding'

/**
 * Returns the lines for a shell on the machine that runs Belay; they make a new folder and touch nothing else.
 *
 * `hasConflicts`: the index is kept as one folder for each stage and has to be put together again.
 */
export function pinRecoveryLines(
  { id, projectId, prefix }: Pick<Backup, 'id' | 'projectId' | 'prefix'>,
  { hasConflicts }: { readonly hasConflicts: boolean },
): readonly string[] {
  return [
    `git init ${shellWord(`rescued-${id}`)}`,
    `cd ${shellWord(`rescued-${id}`)}`,
    `git fetch ${mirrorPath(projectId)} ${shellWord(`${prefix}/*:refs/rescue/*`)}`,
    'git switch -c rescued refs/rescue/head',
    "git read-tree --reset -u 'refs/rescue/worktree^{tree}'",
    'mkdir -p .git/info',
    `echo ${shellWord(AS_STORED)} > .git/info/attributes`,
    ...writeAsStored('refs/rescue/head'),
    // Stages are no tree of files, so there is nothing to compare with.
    ...(hasConflicts ? [] : writeAsStored('refs/rescue/index')),
    'rm .git/info/attributes',
    ...(hasConflicts ? STAGED_AS_FOLDERS : ["git read-tree 'refs/rescue/index^{tree}'"]),
  ]
}

/** Writes what differs once more, as it is stored. */
function writeAsStored(base: string): readonly string[] {
  return [
    `git diff-tree -r -z --no-renames --name-only --diff-filter=d ${base} refs/rescue/worktree |`,
    '  git checkout-index -f -z --stdin',
  ]
}

const STAGED_AS_FOLDERS: readonly string[] = [
  'git read-tree --empty',
  "TAB=$(printf '\\t')",
  'git ls-tree -r refs/rescue/index |',
  '  sed -E "s,^([0-7]+) [a-z]+ ([0-9a-f]+)$TAB(\\"?)stage([0-3])/,\\\\1 \\\\2 \\\\4$TAB\\\\3," |',
  '  git update-index --index-info',
]
