// The agents Belay knows by name: how each is started without a person in front of it. A table; no logic.
// Flags come from the programs' own documentation; what was really tried here says so in `verified`.

import type { AgentEntry } from './agent-entry.ts'

interface Row {
  readonly name: string
  readonly binary: string
  readonly args: readonly string[]
  readonly resume: readonly string[] | null
  readonly env: readonly string[]
  readonly streams?: boolean
}

const ANTHROPIC = ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL']
const OPENAI = ['OPENAI_API_KEY', 'OPENAI_BASE_URL']
const GOOGLE = ['GEMINI_API_KEY', 'GOOGLE_API_KEY']
const MANY = [...ANTHROPIC, ...OPENAI, ...GOOGLE, 'OPENROUTER_API_KEY']

const ROWS: readonly Row[] = [
  {
    name: 'claude-code',
    binary: 'claude',
    args: ['--print', '--permission-mode', 'acceptEdits', '--', '{prompt}'],
    resume: ['--print', '--resume', '{session}', '--', '{prompt}'],
    env: ANTHROPIC,
  },
  {
    name: 'codex',
    binary: 'codex',
    args: ['exec', '--full-auto', '--', '{prompt}'],
    resume: ['exec', 'resume', '{session}', '--', '{prompt}'],
    env: [...OPENAI, 'CODEX_API_KEY'],
    streams: true,
  },
  {
    name: 'opencode',
    binary: 'opencode',
    args: ['run', '--', '{prompt}'],
    resume: ['run', '--session', '{session}', '--', '{prompt}'],
    env: MANY,
    streams: true,
  },
  {
    name: 'aider',
    binary: 'aider',
    args: ['--yes-always', '--no-check-update', '--no-stream', '--no-pretty', '-m', '{prompt}'],
    resume: null,
    env: MANY,
    streams: true,
  },
  {
    name: 'grok',
    binary: 'grok',
    args: ['--no-auto-update', '-p', '{prompt}'],
    resume: ['-r', '{session}', '-p', '{prompt}'],
    env: ['GROK_API_KEY', 'XAI_API_KEY'],
  },
  {
    name: 'droid',
    binary: 'droid',
    args: ['exec', '--auto', 'medium', '{prompt}'],
    resume: ['exec', '-r', '{session}', '{prompt}'],
    env: ['FACTORY_API_KEY'],
  },
  {
    name: 'amp',
    binary: 'amp',
    args: ['-x', '{prompt}'],
    resume: ['--resume', '{session}', '-x', '{prompt}'],
    env: ['AMP_API_KEY'],
  },
  {
    name: 'agy',
    binary: 'agy',
    args: ['--prompt', '{prompt}'],
    resume: ['--conversation', '{session}', '--prompt', '{prompt}'],
    env: GOOGLE,
  },
  {
    name: 'crush',
    binary: 'crush',
    args: ['run', '--', '{prompt}'],
    resume: ['run', '--session', '{session}', '--', '{prompt}'],
    env: MANY,
    streams: true,
  },
  {
    name: 'cursor',
    binary: 'cursor-agent',
    args: ['-p', '--output-format', 'stream-json', '--trust', '--', '{prompt}'],
    resume: ['-p', '--resume', '{session}', '--', '{prompt}'],
    env: ['CURSOR_API_KEY'],
    streams: true,
  },
  {
    name: 'qwen',
    binary: 'qwen',
    args: ['--approval-mode', 'auto-edit', '-p', '{prompt}'],
    resume: ['-r', '{session}', '-p', '{prompt}'],
    env: [...OPENAI, 'DASHSCOPE_API_KEY'],
  },
  {
    name: 'copilot',
    binary: 'copilot',
    args: ['--allow-all-tools', '-p', '{prompt}'],
    resume: ['--resume', '{session}', '-p', '{prompt}'],
    env: ['COPILOT_GITHUB_TOKEN'],
  },
  {
    name: 'goose',
    binary: 'goose',
    args: ['run', '--text', '{prompt}'],
    resume: ['run', '--resume', '--session-id', '{session}', '--text', '{prompt}'],
    env: [...MANY, 'GOOSE_PROVIDER', 'GOOSE_MODEL'],
    streams: true,
  },
  {
    name: 'auggie',
    binary: 'auggie',
    args: ['--print', '--', '{prompt}'],
    resume: ['--print', '--resume', '{session}', '--', '{prompt}'],
    env: ['AUGMENT_SESSION_AUTH'],
  },
  {
    name: 'continue',
    binary: 'cn',
    args: ['--print', '--', '{prompt}'],
    resume: ['--print', '--fork', '{session}', '--', '{prompt}'],
    env: [...MANY, 'CONTINUE_API_KEY'],
  },
  {
    name: 'devin',
    binary: 'devin',
    args: ['-p', '{prompt}'],
    resume: ['-r', '{session}', '-p', '{prompt}'],
    env: ['DEVIN_API_KEY'],
  },
  {
    name: 'cline',
    binary: 'cline',
    args: ['--json', '{prompt}'],
    resume: ['--json', '--id', '{session}', '{prompt}'],
    env: [...MANY, 'CLINE_API_KEY'],
    streams: true,
  },
  {
    name: 'kimi',
    binary: 'kimi',
    args: ['-p', '{prompt}'],
    resume: ['--session', '{session}', '-p', '{prompt}'],
    env: ['KIMI_API_KEY', 'MOONSHOT_API_KEY'],
  },
  {
    name: 'kiro',
    binary: 'kiro-cli',
    args: ['chat', '--no-interactive', '--', '{prompt}'],
    resume: ['chat', '--no-interactive', '--resume-id', '{session}', '--', '{prompt}'],
    env: ['KIRO_API_KEY'],
    streams: true,
  },
  {
    name: 'kilocode',
    binary: 'kilocode',
    args: ['run', '--auto', '--', '{prompt}'],
    resume: ['run', '--session', '{session}', '--', '{prompt}'],
    env: [...MANY, 'KILOCODE_TOKEN'],
  },
  {
    name: 'vibe',
    binary: 'vibe',
    args: ['--trust', '--output', 'text', '-p', '{prompt}'],
    resume: ['--resume', '{session}', '-p', '{prompt}'],
    env: ['MISTRAL_API_KEY'],
  },
  {
    name: 'pi',
    binary: 'pi',
    args: ['--print', '{prompt}'],
    resume: ['--print', '--session', '{session}', '{prompt}'],
    env: MANY,
  },
  {
    name: 'autohand',
    binary: 'autohand',
    args: ['--', '{prompt}'],
    resume: ['resume', '{session}', '--', '{prompt}'],
    env: MANY,
  },
]

/** Where installers of such programs put them when they are not on PATH. */
const PLACES = ['.local/bin', '.npm-global/bin', '.bun/bin', 'bin', '/usr/local/bin', '/opt/homebrew/bin']

/** All built-in agents, in the order they are offered. */
export const BUILT_IN_AGENTS: readonly AgentEntry[] = ROWS.map((row): AgentEntry => ({
  name: row.name,
  binary: row.binary,
  args: [...row.args],
  resume: row.resume === null ? null : [...row.resume],
  prompt: 'argument',
  env: [...row.env],
  home: [],
  places: [...PLACES],
  streams: row.streams ?? false,
  verified: false,
}))
