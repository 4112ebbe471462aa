// Gives ids to tasks that a plan leaves without one: made from the title, the same at every reading, and unique.

/** Room for a number behind it, inside the longest id. */
const LONGEST_SLUG = 48

/** Returns an id for each task: its own, or one that no other task has. */
export function nameTasks(
  tasks: readonly { readonly id: string | null; readonly title: string }[],
): readonly string[] {
  const taken = new Set(tasks.flatMap(({ id }) => id ?? []))
  const next = new Map<string, number>()
  return tasks.map(({ id, title }) => {
    if (id !== null) return id
    const base = taskSlug(title)
    let made = base
    let no = next.get(base) ?? 2
    for (; taken.has(made); no += 1) made = `${base}-${no}`
    next.set(base, no)
    taken.add(made)
    return made
  })
}

/** Returns a title in `[a-z0-9-]`; `task` when nothing of it is left. */
function taskSlug(title: string): string {
  const plain = title
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/\p{M}+/gu, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(0, LONGEST_SLUG)
    .replace(/-$/, '')
  return plain === '' ? 'task' : plain
}
