import { createEmbeddedRunner } from '../../../../src/adapters/runner/embedded-runner.ts'
import { embeddedOptions } from '../../../support/embedded-runner.ts'
import { describeRunner } from '../runner-contract.ts'

describeRunner('embedded', (setting) => createEmbeddedRunner(embeddedOptions(setting)), 'reviewing')
