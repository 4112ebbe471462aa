import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agentEntrySchema } from '../../../../src/adapters/runner/attempts/agent-entry.ts'
import { loadAgentCatalogue } from '../../../../src/adapters/runner/attempts/agent-catalogue.ts'
import { BUILT_IN_AGENTS } from '../../../../src/adapters/runner/attempts/built-in-agents.ts'
import { makeTempFolder, removeTempFolder } from '../../../support/temp-repo.ts'

let folder: string

beforeEach(async () => {
  folder = await makeTempFolder()
})

afterEach(() => removeTempFolder(folder))

async function program(path: string, mode = 0o755): Promise<void> {
  await mkdir(join(folder, path, '..'), { recursive: true })
  await writeFile(join(folder, path), '#!/bin/sh\n')
  await chmod(join(folder, path), mode)
}

const load = (agentsFile: string | null = null) =>
  loadAgentCatalogue({
    agentsFile,
    host: { PATH: join(folder, 'path') },
    operatorHome: join(folder, 'operator'),
  })

describe('BUILT_IN_AGENTS', () => {
  it('holds every agent once, in the shape of the operator’s own', () => {
    const names = BUILT_IN_AGENTS.map(({ name }) => name)
    expect(new Set(names).size).toBe(23)
    for (const agent of BUILT_IN_AGENTS) expect(agentEntrySchema.parse(agent)).toEqual(agent)
    for (const { args } of BUILT_IN_AGENTS) expect(args.filter((arg) => arg === '{prompt}')).toHaveLength(1)
  })
})

describe('loadAgentCatalogue', () => {
  it('looks a program up on PATH, then where installers put it', async () => {
    const catalogue = await load()
    const claude = catalogue.find('claude-code')
    if (claude === null) throw new Error('not known')
    expect(await catalogue.locate(claude)).toBeNull()
    await program('operator/.local/bin/claude')
    expect(await catalogue.locate(claude)).toBe(join(folder, 'operator/.local/bin/claude'))
    await program('path/claude')
    expect(await catalogue.locate(claude)).toBe(join(folder, 'path/claude'))
  })

  it('takes neither a folder nor a file that can not be run for a program', async () => {
    const catalogue = await load()
    const codex = catalogue.find('codex')
    if (codex === null) throw new Error('not known')
    await mkdir(join(folder, 'path/codex'), { recursive: true })
    expect(await catalogue.locate(codex)).toBeNull()
    await program('operator/.local/bin/codex', 0o644)
    expect(await catalogue.locate(codex)).toBeNull()
  })

  it('takes the first installed agent when the operator named none', async () => {
    const catalogue = await load()
    expect((await catalogue.first()).name).toBe('claude-code')
    await program('path/goose')
    expect((await catalogue.first()).name).toBe('goose')
  })

  it('puts the operator’s agents first and lets them replace a built-in one', async () => {
    const file = join(folder, 'agents.yml')
    const entries = [
      '{name: mine, binary: mine, prompt: stdin}',
      '{name: codex, binary: my-codex, prompt: file}',
    ]
    await writeFile(file, `agents:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`)
    const catalogue = await load(file)
    expect(catalogue.names.slice(0, 2)).toEqual(['mine', 'codex'])
    expect(catalogue.names.filter((name) => name === 'codex')).toHaveLength(1)
    expect(catalogue.find('codex')?.binary).toBe('my-codex')
    expect((await catalogue.first()).name).toBe('mine')
  })

  it('says what is wrong with the operator’s file', async () => {
    const file = join(folder, 'agents.yml')
    await expect(load(file)).rejects.toMatchObject({ code: 'AGENTS_FILE_INVALID', details: { path: file } })
    await writeFile(file, 'agents: []\n')
    await expect(load(file)).rejects.toMatchObject({ code: 'AGENTS_FILE_INVALID' })
  })
})
