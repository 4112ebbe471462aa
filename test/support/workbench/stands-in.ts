// Holds a name to a test that stands in another file: the file must be there and name it, or the reference fails.

import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'

/** Fails unless the test file has a test of this title, or a row of this name. */
export async function standsIn(file: string, title: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  expect(text, `${file} is a test file`).toMatch(/\b(?:it|playTable)[.(]/u)
  expect(text, `${file} has "${title}"`).toContain(title)
}
