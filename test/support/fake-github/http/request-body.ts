// Reading fields out of a JSON body; the only place where its shape is believed.
import { ApiRefusal, invalid } from './answer.ts'

/** The longest comment, and the longest summary or text of a check run, in characters. */
export const longestText = 65_536

/** A JSON object of a request. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Returns the JSON object of a body; an empty body is an empty object. */
export function parseBody(bytes: Buffer): JsonObject {
  if (bytes.length === 0) return {}
  try {
    const value: unknown = JSON.parse(bytes.toString())
    if (isObject(value)) return value
  } catch {
    // Answered below, together with JSON that is no object.
  }
  throw new ApiRefusal(400, 'Problems parsing JSON')
}

/** Returns whether a value is an object with fields. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns a text that must be there. */
export function requiredText(body: JsonObject, name: string): string {
  const value = body[name]
  if (typeof value !== 'string') throw invalid(`"${name}" wasn't supplied.`)
  return value
}

/** Returns a text, or undefined when absent or null. */
export function optionalText(body: JsonObject, name: string): string | undefined {
  const value = body[name] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw invalid(`For '${name}', ${JSON.stringify(value)} is not a string.`)
}

/** Returns the text of a comment: GitHub takes no empty one and none over its limit. */
export function commentText(body: JsonObject): string {
  const text = requiredText(body, 'body')
  if (text.trim() === '') throw invalid('Body cannot be blank')
  if (text.length > longestText) throw invalid(`Body is too long (maximum is ${longestText} characters)`)
  return text
}

/** Returns a list, empty when absent. */
export function optionalList(body: JsonObject, name: string): readonly unknown[] {
  const value = body[name] ?? []
  if (!Array.isArray(value)) throw invalid(`For '${name}', ${JSON.stringify(value)} is not an array.`)
  return value
}
