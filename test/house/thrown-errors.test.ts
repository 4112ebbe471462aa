// Every code of the catalogue is an error that the program can really meet: somewhere in `src` it is constructed.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, typeScriptFiles } from '../../scripts/repository-files.ts'
import { ERRORS } from '../../src/domain/errors/catalogue.ts'

const CONSTRUCTION = /\bnew AppError\(\s*'([A-Z_]+)'/gu

function constructedIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => [...text.matchAll(CONSTRUCTION)].map(([, code]) => code ?? '')))
}

function neverConstructed(codes: readonly string[], texts: readonly string[]): readonly string[] {
  const constructed = constructedIn(texts)
  return codes.filter((code) => !constructed.has(code))
}

describe('ERRORS', () => {
  it('holds no code that nothing throws', async () => {
    const files = await typeScriptFiles(ROOT, ['src'])
    const texts = await Promise.all(files.map((file) => readFile(join(ROOT, file), 'utf8')))
    expect(neverConstructed(Object.keys(ERRORS), texts)).toEqual([])
    expect(constructedIn(texts).size).toBe(Object.keys(ERRORS).length)
  })

  it('would be found to hold one', () => {
    const texts = ["throw new AppError(\n  'LANE_LOST', {})", "isAppError(error, 'NOT_READY')"]
    expect(neverConstructed(['LANE_LOST', 'NOT_READY'], texts)).toEqual(['NOT_READY'])
  })
})
