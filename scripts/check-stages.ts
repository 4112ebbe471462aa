// The stages of `npm run check`, in order: cheap and telling ones first, the tests last.

import { checkArchitecture } from './check-architecture.ts'
import { checkBuild, checkTypes } from './check-compilation.ts'
import { checkDeadCode } from './check-dead-code.ts'
import { checkFormat } from './check-format.ts'
import { checkHouse } from './check-house.ts'
import { checkLinks } from './check-links.ts'
import { checkLint } from './check-lint.ts'
import { checkMigrations } from './check-migrations.ts'
import type { CheckOutcome } from './check-outcome.ts'
import { checkTests } from './check-tests.ts'
import { checkVersions } from './check-versions.ts'
import { DOCUMENTS } from './docs/documents.ts'
import { checkDocs } from './generate-docs.ts'

/** One stage: its name on the command line and what it does with the repository's root. */
export interface Stage {
  readonly name: string
  readonly run: (root: string) => Promise<CheckOutcome>
}

/** All stages in the order they run. */
export const STAGES: readonly Stage[] = [
  { name: 'format', run: checkFormat },
  { name: 'types', run: checkTypes },
  { name: 'build', run: checkBuild },
  { name: 'lint', run: checkLint },
  { name: 'house', run: checkHouse },
  { name: 'imports', run: checkArchitecture },
  { name: 'dead-code', run: checkDeadCode },
  { name: 'migrations', run: checkMigrations },
  { name: 'docs', run: (root) => checkDocs(root, DOCUMENTS) },
  { name: 'links', run: checkLinks },
  { name: 'versions', run: checkVersions },
  { name: 'tests', run: checkTests },
]
