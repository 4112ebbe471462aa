// The operator's agents file to entries, or to faults with line numbers. Reads text; knows no disk.

import { LineCounter, parseDocument, type Document } from 'yaml'
import { z } from 'zod'
import { agentEntrySchema, type AgentEntry } from './agent-entry.ts'

const fileSchema = z.strictObject({ agents: z.array(agentEntrySchema).min(1) })

export type ParsedAgents =
  | { readonly kind: 'parsed'; readonly agents: readonly AgentEntry[] }
  | { readonly kind: 'faulty'; readonly faults: readonly string[] }

/** Returns the entries, or every fault at once. */
export function parseAgentsFile(text: string): ParsedAgents {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  if (document.errors.length > 0) {
    const faults = document.errors.map(
      (error) => `line ${lines.linePos(error.pos[0]).line}: ${error.message}`,
    )
    return { kind: 'faulty', faults }
  }
  const parsed = fileSchema.safeParse(document.toJS())
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => describe(issue, { document, lines }))
    return { kind: 'faulty', faults }
  }
  const repeated = repeatedNames(parsed.data.agents)
  if (repeated.length > 0)
    return { kind: 'faulty', faults: repeated.map((name) => `the agent ${name} is there twice`) }
  return { kind: 'parsed', agents: parsed.data.agents }
}

interface Source {
  readonly document: Document.Parsed
  readonly lines: LineCounter
}

function describe(issue: z.core.$ZodIssue, source: Source): string {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const line = lineOf([...issue.path, ...unknown], source)
  const place = issue.path.length === 0 ? '' : `${issue.path.map(String).join('.')}: `
  return `line ${line}: ${place}${issue.message}`
}

/** A key that is missing has no place of its own: the nearest thing around it has. */
function lineOf(path: readonly PropertyKey[], { document, lines }: Source): number {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true)
    if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) {
      return lines.linePos(Number(node.range[0])).line
    }
  }
  return 1
}

function repeatedNames(agents: readonly AgentEntry[]): readonly string[] {
  const names = agents.map(({ name }) => name)
  return [...new Set(names.filter((name, position) => names.indexOf(name) !== position))]
}
