// The order of test files: those that are known to take long come first, so that no worker is left alone with one of
// them at the end. vitest by itself takes the largest file first, and the largest here are tables.

import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Parts of paths, the slowest first. */
const SLOW = [
  // First, because workers are kept only from one shared file to the next.
  'unreadable.test.ts',
  'test/e2e/kill.test.ts',
  'test/e2e/pipeline-kill.test.ts',
  'test/workflows/pipeline-model.test.ts',
  'test/contract/clients/',
  'test/scripts/demo/demo.test.ts',
  'test/workflows/sync-states/worktree.test.ts',
  'test/workflows/sync-states/remote.test.ts',
  'test/e2e/sync-kill.test.ts',
  'test/contract/runner/embedded/',
  'test/workflows/sync-states/',
  'test/e2e/',
  'test/workflows/',
  'test/adapters/runner/',
  'test/scripts/',
]

/** Sorts test files by how long they are known to take. */
export class SlowestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return Promise.resolve(files.toSorted((one, other) => rank(one.moduleId) - rank(other.moduleId)))
  }
}

function rank(file: string): number {
  const place = SLOW.findIndex((slow) => file.includes(slow))
  return place < 0 ? SLOW.length : place
}
