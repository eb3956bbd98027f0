// The lab: runs the crossing against any servers, breaks it on purpose, and diagnoses problems between two parties. It
// returns values; the apps decide how to present them in a terminal or on a page.
export {
  buildModel,
  describeRemedy,
  type DecisionQuestion,
  gatherHealth,
  gatherModel,
  gatherOversight,
  type Model,
} from './doctor/own-server.ts'
export { readCapabilities } from './doctor/capabilities.ts'
export { gatherClientDocument } from './doctor/client-document-check.ts'
export { isAbout } from './doctor/collapse-hosts.ts'
export { DOCTOR_CHECKS } from './doctor/checks.ts'
export { diagnose, type Diagnosis, type Endpoints } from './doctor/diagnose.ts'
export { gatherServer, type IssuerRole, type ServerEvidence } from './doctor/evidence.ts'
export { gatherMachine } from './doctor/machine-checks.ts'
export { findIdp } from './doctor/find-idp.ts'
export { checkConnections } from './doctor/connection-checks.ts'
export { type Finding, runChecks } from './doctor/finding.ts'
export { renderDoctorPage } from './doctor/reference-page.ts'
export { describeDifference } from './doctor/server-checks.ts'

export { type JudgedFault, renderFaultJunit, toFaultDocument, toLegDocument } from './flow/fault-document.ts'
export {
  type ActTargets,
  type Administrator,
  ADMINISTRATOR_ACTS,
  createAdministrator,
  type Undo,
} from './flow/administrator.ts'
export type { AdministratorAct, FaultRequirements } from './flow/fault-requirements.ts'
export type { Fault } from './flow/fault.ts'
export { FAULTS, findFault, listFaults } from './flow/faults.ts'
export { resolveParty, findParty, type Flow, listRemote, type Registration } from './flow/flow-parties.ts'
export {
  type Ending,
  ENDINGS,
  findEnding,
  type FlowRun,
  type Leg,
  type LegName,
  type Received,
} from './flow/flow-run.ts'
export { signInByForm } from './flow/form-sign-in.ts'
export { claim, ID_TOKEN_CHECKS, scopesOf } from './flow/leg-checks.ts'
export { readCode, readRecord } from './flow/read-record.ts'
export {
  type HideSecret,
  hideSecret,
  MASKED,
  redactRequest,
  redactResponse,
  type ShownRequest,
  type ShownResponse,
} from './flow/redact.ts'
export { probeClient } from './flow/probe-client.ts'
export { runCall, runExchange, runLegs, runRedemption } from './flow/run-legs.ts'
export type { DemoTarget, Settings } from './flow/settings.ts'
export { type Attempt, beginSignIn, finishSignIn, listenForCallback } from './flow/sign-in.ts'
export { type TriedFault, tryFault } from './flow/try-fault.ts'
export type { Judgement } from './flow/verdict.ts'

export {
  createGuardedSender,
  type Exchange,
  type GuardedSender,
  type HttpRequest,
} from './http/guarded-sender.ts'
export { hideUserInfo } from './http/hide-user-info.ts'
export {
  askForTools,
  callTool,
  findSession,
  isAnswered,
  isMcp,
  type McpServer,
  readTools,
  type Tool,
} from './http/mcp-client.ts'
export { toFetch } from './http/sender-fetch.ts'
export { LabError } from './lab-error.ts'
export { decodeToken, KIND_NAMES, renderTime, stripToken, type TokenKind } from './token/index.ts'
export { type SignatureVerdict, verifySignature } from './token/verify-signature.ts'
export { compareTraces, type TraceDifference } from './trace/compare-traces.ts'
export { createTraceRedactor } from './trace/redact-trace.ts'
export { describeTooLarge, MAX_TRACE_BYTES, parseTrace } from './trace/read-trace.ts'
export {
  type Cell,
  findStepName,
  type RecordedRun,
  type ShownExchange,
  type ShownTrial,
  STEP_NAMES,
  type StepName,
  type StepRecord,
  type StepResult,
  type Table,
} from './trace/recorded-run.ts'
export { fromTrace, type Trace } from './trace/trace-document.ts'
export { writeTrace } from './trace/write-trace.ts'
export { type JunitCase, renderJunit } from './junit.ts'
