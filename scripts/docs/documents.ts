// The list of generated files: which table each is made from. Loads a table only when its document is asked for.

import { commandsDocument } from './commands-document.ts'
import { decisionsDocument } from './decisions-document.ts'
import { errorsDocument } from './errors-document.ts'
import { repositorySchemaDocument } from './repository-schema-document.ts'
import { syncCasesDocument } from './sync-cases-document.ts'

/** One generated file: where it lies and how its text is made. */
export interface GeneratedDocument {
  readonly file: string
  readonly source: string
  readonly make: () => Promise<string>
}

/** Every generated file of the repository. */
export const DOCUMENTS: readonly GeneratedDocument[] = [
  {
    file: 'docs/errors.md',
    source: 'src/domain/errors/catalogue.ts',
    make: async () => {
      const { ERRORS } = await import('../../src/domain/errors/catalogue.ts')
      return errorsDocument(ERRORS)
    },
  },
  {
    file: 'docs/decisions.md',
    source: 'src/domain/decision/decision.ts',
    make: async () => {
      const { DECISIONS, decisionContext, optionsFor } = await import('../../src/domain/decision/decision.ts')
      const { SYNC_CASES } = await import('../../src/domain/sync/case.ts')
      return decisionsDocument({
        decisions: DECISIONS,
        cases: SYNC_CASES,
        contextOf: decisionContext,
        optionsFor,
      })
    },
  },
  {
    file: 'docs/sync-cases.md',
    source: 'src/domain/sync/case.ts',
    make: async () => {
      const { SYNC_CASES } = await import('../../src/domain/sync/case.ts')
      const { SYNC_STATE_TABLES } = await import('../../src/domain/sync/state.ts')
      return syncCasesDocument({ cases: SYNC_CASES, tables: SYNC_STATE_TABLES })
    },
  },
  {
    file: 'docs/commands.md',
    source: 'src/domain/command/grammar.ts',
    make: async () => {
      const { COMMANDS, BARE_VERBS, LATER_VERBS } = await import('../../src/domain/command/grammar.ts')
      return commandsDocument({ commands: COMMANDS, bareVerbs: BARE_VERBS, laterVerbs: LATER_VERBS })
    },
  },
  {
    file: 'belay.schema.json',
    source: 'src/domain/config/repository-config-schema.ts',
    make: async () => {
      const { repositoryConfigJsonSchema } =
        await import('../../src/domain/config/repository-config-schema.ts')
      return repositorySchemaDocument(repositoryConfigJsonSchema())
    },
  },
]
