import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAttemptLog } from '../../../../src/adapters/runner/attempts/attempt-log.ts'
import { makeTempFolder, removeTempFolder } from '../../../support/temp-repo.ts'

let folder: string

beforeEach(async () => {
  folder = await makeTempFolder()
})

afterEach(() => removeTempFolder(folder))

async function written(pieces: readonly string[]): Promise<string> {
  const file = join(folder, 'log')
  const log = await openAttemptLog(file, { headBytes: 10, tailBytes: 5 })
  for (const piece of pieces) log.add(Buffer.from(piece))
  await log.close()
  return readFile(file, 'utf8')
}

describe('openAttemptLog', () => {
  it.each([
    [[], ''],
    [['one', 'two'], 'onetwo'],
    [['0123456789'], '0123456789'],
    [['01234567', '89abcde'], '0123456789abcde'],
    [['0123456789', 'abcdef'], '0123456789\n[1 bytes left out]\nbcdef'],
    [['0123456789abcdefghijklmnopqrst'], '0123456789\n[15 bytes left out]\npqrst'],
    [['0123456789', 'abcd', 'efgh', 'ijkl', 'mnop', 'qrst'], '0123456789\n[15 bytes left out]\npqrst'],
  ])('keeps the beginning and the end of %j', async (pieces, expected) => {
    expect(await written(pieces)).toBe(expected)
  })
})
