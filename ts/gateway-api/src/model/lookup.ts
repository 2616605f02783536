/** What a judgement may look at; each look is noted, so that the judgement can be kept (Judgements). */

import type { ListenerSetSpec } from "../objects.js";
import type { Parent } from "./gateway.js";
import type { Grants } from "./grant.js";
import type { PolicyClaim } from "./policy.js";
import type { Entry, Find, Store } from "./store.js";

export interface Lookup {
  readonly store: Store;
  readonly grants: Grants;
  /** ListenerSets by the `namespace/name` of the Gateway they name, in order of precedence. */
  readonly listenerSets: Find<readonly Entry<ListenerSetSpec>[]>;
  /** Gateways and ListenerSets of ours by `Kind/namespace/name`. */
  readonly parents: Find<Parent>;
  /** Claims of BackendTLSPolicies by the `namespace/name` of the Service, in order of precedence. */
  readonly policies: Find<readonly PolicyClaim[]>;
  /** Undefined: every Gateway counts as ours. */
  readonly controllerName: string | undefined;
  /** Whether Secrets and ConfigMaps may exist that are not among the objects. */
  readonly isPartial: boolean;
  /** Whether Services of type ExternalName are backends. */
  readonly followsExternalNames: boolean;
}
