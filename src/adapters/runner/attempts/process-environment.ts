// What a process was started with, read from outside; how our own processes are told from everybody else's.

import { readFile } from 'node:fs/promises'

/** Returns the `NAME=value` entries a process was started with; none for processes that are gone or not ours. */
export async function readEnvironment(pid: number): Promise<readonly string[]> {
  try {
    return (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0')
  } catch {
    // Gone, or another user's: neither is a process of ours.
    return []
  }
}
