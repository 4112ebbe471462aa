import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { CONTRACT_GROUPS } from './runner-contract.ts'

it('runs every group of contracts against the embedded runner', () => {
  const files = readdirSync(join(import.meta.dirname, 'embedded'))
  expect(files.toSorted()).toEqual(CONTRACT_GROUPS.map((group) => `${group}.test.ts`).toSorted())
})
