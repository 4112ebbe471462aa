import type { StartWorld } from './runner-contract.ts'
export function describeAttempts(_start: StartWorld): void {}
