// Every `belay …` that a person is told to type is a subcommand of this version.
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, typeScriptFiles } from '../../scripts/repository-files.ts'
import type { CliActions } from '../../src/edge/cli-actions.ts'
import { runCli } from '../../src/edge/cli.ts'

/** In inline code, or first in a line of a code block. */
const MENTION = /(?:`|^[ \t]*|\bnpx )belay ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/gmu

/** Returns the subcommands that the help of a command lists. */
async function childrenOf(words: readonly string[]): Promise<ReadonlySet<string>> {
  let help = ''
  const out = (text: string): void => {
    help += text
  }
  // Help asks nobody for anything.
  const actions = Object.freeze({}) as CliActions
  await runCli([...words, '--help'], { version: '0.0.0', actions, out, err: out })
  const [, list = ''] = help.split('\nCommands:\n')
  const names = [...list.matchAll(/^ {2}([a-z][a-z-]*)/gmu)].map(([, name]) => name ?? '')
  return new Set(names.filter((name) => name !== 'help'))
}

async function unknownIn(text: string): Promise<readonly string[]> {
  const known = await childrenOf([])
  const faults: string[] = []
  for (const [, first = '', second] of text.matchAll(MENTION)) {
    if (!known.has(first)) faults.push(`belay ${first}`)
    else if (second !== undefined) {
      const below = await childrenOf([first])
      if (below.size > 0 && !below.has(second)) faults.push(`belay ${first} ${second}`)
    }
  }
  return faults
}

async function readAll(files: readonly string[]) {
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(ROOT, file), 'utf8') })))
}

async function documents(): Promise<readonly string[]> {
  const top = (await readdir(ROOT)).filter((name) => name.endsWith('.md'))
  const below = (await readdir(join(ROOT, 'docs'), { recursive: true })).filter((name) =>
    name.endsWith('.md'),
  )
  return [...top, ...below.map((name) => `docs/${name}`), '.env.example', 'app.yml']
}

describe('commands that people are told to type', () => {
  it('exist, in every text of the program', async () => {
    const texts = await readAll(await typeScriptFiles(ROOT, ['src']))
    for (const { file, text } of texts)
      expect({ file, unknown: await unknownIn(text) }).toEqual({ file, unknown: [] })
    const mentions = texts.flatMap(({ text }) => [...text.matchAll(MENTION)])
    expect(mentions.length).toBeGreaterThan(10)
  })

  it('exist, in every document', async () => {
    const texts = await readAll(await documents())
    for (const { file, text } of texts)
      expect({ file, unknown: await unknownIn(text) }).toEqual({ file, unknown: [] })
    const mentions = texts.flatMap(({ text }) => [...text.matchAll(MENTION)])
    expect(mentions.length).toBeGreaterThan(10)
  })

  it('are missed when they do not exist', async () => {
    const text =
      'Run `belay backups sink`, `belay backups show x`, `/belay run`, or\n  belay swim\n  belay start\n'
    expect(await unknownIn(text)).toEqual(['belay backups sink', 'belay swim'])
  })
})
