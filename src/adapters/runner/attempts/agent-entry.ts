// What the catalogue knows of one agent: data only. Starting it is somebody else's business.

import { z } from 'zod'

const plainName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be lower-case letters, digits and dashes, at most 40')
const variableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
const homeFile = z
  .string()
  .refine((path) => isBelowHome(path), 'must be a path below the home folder, without ".."')

/** The shape of an entry of `BELAY_AGENTS_FILE`; what is left out has a default. */
export const agentEntrySchema = z.strictObject({
  name: plainName,
  /** An absolute path, or a name that is looked up on PATH and in `places`. */
  binary: z.string().min(1),
  /** `{prompt}` and `{prompt_file}` stand for the prompt; without them an `argument` prompt comes last. */
  args: z.array(z.string()).default([]),
  /** How an earlier conversation is taken up again; `{session}` stands for its id. */
  resume: z.array(z.string()).nullable().default(null),
  prompt: z.enum(['stdin', 'argument', 'file']),
  /** Variables of the host the agent may see. */
  env: z.array(variableName).default([]),
  /** Files of the operator's home that are copied into the agent's. */
  home: z.array(homeFile).default([]),
  /** Folders below the operator's home, or absolute, where the binary is often installed. */
  places: z.array(z.string()).default([]),
  /** Whether it prints while it works, so that silence means trouble. */
  streams: z.boolean().default(false),
  verified: z
    .union([z.literal(false), z.strictObject({ version: z.string(), date: z.string(), how: z.string() })])
    .default(false),
})

/** One agent. */
export type AgentEntry = Readonly<z.infer<typeof agentEntrySchema>>

function isBelowHome(path: string): boolean {
  return path !== '' && !path.startsWith('/') && !path.split('/').some((part) => part === '..' || part === '')
}
