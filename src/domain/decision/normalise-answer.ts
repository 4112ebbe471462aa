// The one normaliser of answers: whatever form a client sends, it becomes the text that was meant. Knows no question.

/**
 * Returns the text that was meant, from an option id, a label, or the envelope `{"action":"select","selected":…}`,
 * which may arrive as an object or as JSON text.
 */
export function normaliseAnswer(answer: unknown): string {
  if (typeof answer === 'string') {
    const text = answer.trim()
    const envelope = text.startsWith('{') ? parseEnvelope(text) : null
    return envelope ?? text
  }
  return selectedOf(answer) ?? ''
}

function parseEnvelope(text: string): string | null {
  try {
    return selectedOf(JSON.parse(text))
  } catch {
    // Not JSON: then it is an ordinary text that happens to begin with a brace.
    return null
  }
}

function selectedOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  if (!('action' in value) || value.action !== 'select') return null
  return 'selected' in value && typeof value.selected === 'string' ? value.selected.trim() : null
}
