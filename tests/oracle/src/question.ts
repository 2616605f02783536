/** What is asked, and the answer: a request with its draw, and the contract's decision. */

export type Lines = readonly (readonly [name: string, value: string])[];

/** One request, and what else the decision depends on. */
export interface Question {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: Lines;
  };
  /** 0 up to 1. */
  readonly draw: number;
  /** Name of the listener it comes in by; absent: scheme and port of the URL decide. */
  readonly listener?: string;
}

/** The compared part of a decision. */
export interface Decision {
  /** `forward`, `redirect` or `answer`. */
  readonly action: string;
  readonly status: number | null;
  readonly location: string | null;
  readonly listener: string | null;
  readonly route: string | null;
  readonly rule: string | null;
  readonly match: number | null;
  readonly service: string | null;
  readonly endpoint: string | null;
  readonly request: ForwardedRequest;
  readonly responseHeaders: ResponseEdits;
  readonly why: string;
}

export interface ForwardedRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Lines;
}

/** Values given to response headers; null: removed. */
export type ResponseEdits = readonly (readonly [name: string, value: string | null])[];
