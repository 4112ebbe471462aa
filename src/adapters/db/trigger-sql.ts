// The pieces that triggers of the change log are made of. Knows no table.

/** A trigger, and the change-log row it writes. */
export interface TriggerParts {
  readonly name: string
  /** Type of the change-log row; the trigger's name when it is not given. */
  readonly type?: string
  /** `AFTER … ON … WHEN …`. */
  readonly on: string
  /** Project, pull request and session. */
  readonly ids: string
  readonly payload: string
}

const NOW_MS = `CAST(unixepoch('subsec') * 1000 AS INTEGER)`

/** Returns the statement that makes a trigger. */
export function triggerSql({ name, type = name, on, ids, payload }: TriggerParts): string {
  return `CREATE TRIGGER ${name} ${on} BEGIN
  INSERT INTO change_log (project_id, pr_number, session_id, type, payload, created_at)
  VALUES (${ids}, '${type}', ${payload}, ${NOW_MS});
END`
}

/** Returns the condition that one of the columns has another value than before. */
export function anyChanged(columns: readonly string[]): string {
  return columns.map((column) => `OLD.${column} IS NOT NEW.${column}`).join(' OR ')
}

/** Builds `{"<column>": {"old": …, "new": …}}` of the changed columns only. */
export function changedColumns(columns: readonly string[]): string {
  return changedFrom(Object.fromEntries(columns.map((column) => [column, `OLD.${column}`])))
}

/** Like `changedColumns`, with the SQL of the old value for each column. */
export function changedFrom(columns: Readonly<Record<string, string>>): string {
  const rows = Object.entries(columns).map(
    ([column, old]) =>
      `SELECT '${column}' AS name, ${old} AS was, NEW.${column} AS became WHERE ${old} IS NOT NEW.${column}`,
  )
  return `(SELECT json_group_object(name, json_object('old', was, 'new', became)) FROM (${rows.join(' UNION ALL ')}))`
}

/** Returns a condition as a value of JSON. */
export function jsonBoolean(condition: string): string {
  return `json(CASE WHEN ${condition} THEN 'true' ELSE 'false' END)`
}
