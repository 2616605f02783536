// The suite's own report: YAML -> what the board takes from it.

import { parse } from "yaml";

export interface LevelReport {
  readonly result: string;
  readonly statistics: {
    readonly Passed: number;
    readonly Failed: number;
    readonly Skipped: number;
  };
  readonly failedTests?: readonly string[];
  readonly skippedTests?: readonly string[];
}

export interface ExtendedReport extends LevelReport {
  readonly supportedFeatures?: readonly string[];
  readonly unsupportedFeatures?: readonly string[];
}

export interface ProfileReport {
  readonly name: string;
  readonly core: LevelReport;
  readonly extended?: ExtendedReport;
}

export interface SuiteReport {
  readonly gatewayAPIVersion: string;
  readonly gatewayAPIChannel: string;
  readonly implementation: { readonly project: string; readonly version: string };
  /** Empty when the suite stopped before its tests. */
  readonly profiles: readonly ProfileReport[] | null;
}

export function readReport(text: string): SuiteReport {
  const report = parse(text) as Partial<SuiteReport> & { kind?: string };
  if (report.kind !== "ConformanceReport" || !report.gatewayAPIVersion || !report.implementation) {
    throw new Error("this is no ConformanceReport of the Gateway API's suite");
  }
  return report as SuiteReport;
}
