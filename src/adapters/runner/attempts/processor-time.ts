// How long an agent's processes have computed, read from `/proc`. Knows no limit and no attempt.

import { readdir, readFile } from 'node:fs/promises'
import { findMarked } from '../git/marked-processes.ts'

/** Milliseconds by process; those of children that ended are counted with the parent that waited for them. */
export type ProcessorTimes = ReadonlyMap<string, number>

/** Linux tells processor time in hundredths of a second, whatever the machine. */
const TICK_MS = 10

/** Reads it for the processes of a group and for those with the mark; null on systems that do not tell. */
export async function readProcessorTimes(of: {
  readonly group: number
  readonly mark: string
}): Promise<ProcessorTimes | null> {
  if (process.platform !== 'linux') return null
  const marked = new Set(await findMarked(of.mark))
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const found = await Promise.all(
    pids.map(async (pid): Promise<readonly (readonly [string, number])[]> => {
      const seen = await readTimes(pid)
      const isTheirs = seen !== null && (seen.group === of.group || marked.has(pid))
      return isTheirs ? [[`${pid} ${seen.startedAt}`, seen.ms]] : []
    }),
  )
  return new Map(found.flat())
}

/** Returns how many milliseconds were computed between two looks; a process that is new counts whole. */
export function computedBetween(before: ProcessorTimes, after: ProcessorTimes): number {
  let ms = 0
  for (const [process, time] of after) ms += Math.max(0, time - (before.get(process) ?? 0))
  return ms
}

async function readTimes(
  pid: number,
): Promise<{ readonly group: number; readonly startedAt: string; readonly ms: number } | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
    // The program's name may hold spaces and brackets; the fields after it do not.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return { group: Number(fields[2]), startedAt: fields[19] ?? '', ms: ticks * TICK_MS }
  } catch {
    // Gone meanwhile.
    return null
  }
}
