import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unusedIn } from '../../scripts/check-dead-code.ts'
import { ROOT } from '../../scripts/repository-files.ts'

describe('unusedIn', () => {
  it('finds the planted dead file, export and package, and nothing that is used', async () => {
    expect(await unusedIn(join(ROOT, 'test', 'fixtures', 'planted', 'dead-code'))).toEqual([
      'package.json: dependencies yaml',
      'src/half-used.ts: exports neverUsed',
      'src/never-imported.ts: files src/never-imported.ts',
    ])
  })
})
