// The judge of losses as a program of its own:
//   node --import tsx test/support/losses/check.ts --manifest FILE --origin DIR [--mirror DIR] [--worktree DIR]
// Ends with 0 when nothing was lost, 1 on a loss, 2 on wrong usage.
import { parseArgs } from 'node:util'
import { judgeLosses } from './checker.ts'
import { readManifest } from './manifest.ts'
import { renderVerdict } from './render-verdict.ts'

process.exitCode = await main()

async function main(): Promise<number> {
  const { manifest, origin, mirror, worktree } = readOptions()
  if (manifest === undefined || origin === undefined) {
    console.error('Usage: check --manifest FILE --origin DIR [--mirror DIR] [--worktree DIR]')
    return 2
  }
  const verdict = await judgeLosses(await readManifest(manifest), {
    origin,
    mirror: mirror ?? null,
    worktree: worktree ?? null,
  })
  console.log(renderVerdict(verdict))
  return verdict.isGood ? 0 : 1
}

function readOptions(): { manifest?: string; origin?: string; mirror?: string; worktree?: string } {
  try {
    const text = { type: 'string' } as const
    return parseArgs({ options: { manifest: text, origin: text, mirror: text, worktree: text } }).values
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    return {}
  }
}
