// What people read when a text is no YAML that Belay reads, whether a whole file or one block of it. Knows neither what
// the text is for nor where in it the fault stands.

import { assertNever } from '../assert-never.ts'
import type { YamlFaultKind } from '../config/guarded-yaml.ts'
import { syntaxText } from './config-faults.ts'

/** Says what is wrong with a text as YAML, and what helps where that is not plain; `reason` is the parser's sentence. */
export function yamlFaultText(
  kind: YamlFaultKind,
  reason: string,
  thing: 'file' | 'block' = 'file',
): { readonly message: string; readonly hint?: string } {
  switch (kind) {
    case 'too_large':
      return { message: `The ${thing} is larger than 64 KiB and was not read.` }
    case 'too_deep':
      return { message: `The ${thing} is nested too deeply and was not read.` }
    case 'too_many_aliases':
      return {
        message: `The ${thing} uses more than 20 aliases and was not read.`,
        hint: 'Write the values out.',
      }
    case 'unknown_alias':
      return { message: 'No anchor of this name stands before this alias.' }
    case 'repeated_key':
      return { message: 'This key stands here for the second time.' }
    case 'second_document':
      return { message: `The ${thing} must hold one YAML document, and a second one starts here.` }
    case 'syntax':
      return { message: syntaxText(reason) }
    default:
      return assertNever(kind)
  }
}
