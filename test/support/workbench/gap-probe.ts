// What nobody may ever see of a question, looked for from a connection of its own after every commit and around every order
// to the runner. Knows no story; finds a planted fault like any other.

import type { Workbench } from './workbench.ts'

/** A moment that breaks a law, named by the law and by what breaks it. */
const LAWS = `
  SELECT 'failed without a question: ' || p.id AS fault FROM pipelines p
    WHERE p.status = 'failed' AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.pipeline_id = p.id
      AND (d.status = 'pending' OR (d.status = 'resolved' AND d.acted_at IS NULL)))
  UNION ALL
  SELECT 'a ' || r.status || ' phase in a ' || p.status || ' pipeline: ' || r.id FROM phase_runs r
    JOIN pipelines p ON p.id = r.pipeline_id AND p.current_phase = r.name
    WHERE (r.status IN ('failed', 'awaiting_human') OR p.status IN ('failed', 'awaiting_human'))
      AND r.status <> p.status
  UNION ALL
  SELECT 'a question that stops a pipeline which runs: ' || d.id FROM decisions d
    JOIN pipelines p ON p.id = d.pipeline_id
    WHERE d.status = 'pending' AND d.concerns = 'pipeline' AND p.status NOT IN ('failed', 'awaiting_human')
  UNION ALL
  SELECT 'a question that nobody will announce: ' || d.id FROM decisions d
    WHERE d.status = 'pending' AND NOT EXISTS (SELECT 1 FROM jobs j
      WHERE j.idem = 'announce:' || d.project_id || ':' || d.id)
  UNION ALL
  SELECT 'told while somebody watches: ' || o.id FROM overseers o JOIN change_log c
    ON c.type = 'pipeline.failed' AND json_extract(c.payload, '$.pipeline_id') = o.pipeline_id
    WHERE o.status = 'watching' AND o.run_epoch <= json_extract(c.payload, '$.run_epoch')
  UNION ALL
  SELECT 'an agent at work beside a question: ' || a.id FROM attempts a
    JOIN decisions d ON d.session_id = a.session_id AND d.status = 'pending' AND d.concerns = 'pipeline'
    WHERE a.role = 'producer' AND a.status IN ('starting', 'running')`

export interface GapProbe {
  /** Every fault that was seen, once. */
  readonly faults: () => readonly string[]
  /** How often it looked: a probe that never looked proves nothing. */
  readonly looks: () => number
  readonly stop: () => void
}

/** Looks from now on until it is stopped; keeps a hook that was set before. */
export function probeGaps(bench: Workbench): GapProbe {
  const seen = new Set<string>()
  let looks = 0
  const look = async (): Promise<void> => {
    looks += 1
    for (const { fault } of await bench.reader.query(LAWS)) seen.add(String(fault))
  }
  const { hook } = bench.watch
  bench.onCommit = look
  bench.watch.hook = async (moment, order) => {
    await look()
    await hook(moment, order)
  }
  return {
    faults: () => [...seen],
    looks: () => looks,
    stop() {
      bench.onCommit = null
      bench.watch.hook = hook
    },
  }
}
