// Ends an exhaustive switch: a new union member breaks the build here, not the program later.

/** Fails the type check when a union member was not handled; throws if it is reached all the same. */
export function assertNever(value: never): never {
  throw new Error(`Unhandled member: ${JSON.stringify(value)}`)
}
