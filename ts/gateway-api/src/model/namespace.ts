/**
 * Which namespaces a listener takes routes from (Gateway API `RouteNamespaces`, Kubernetes label
 * selectors).
 */

import type { LabelRequirement, LabelSelector, ListenerNamespaces } from "../objects.js";
import type { Entry, Find } from "./store.js";

export type Labels = ReadonlyMap<string, string>;

/** Labels of a namespace. Every namespace has its name as a label, whether its object is known or not. */
export function labelsOf(namespaces: Find<Entry<object>>, namespace: string): Labels {
  const written = namespaces.get(namespace)?.metadata.labels ?? new Map<string, string>();
  return new Map([...written, ["kubernetes.io/metadata.name", namespace]]);
}

/**
 * Whether objects of a namespace (routes, ListenerSets) may attach to what lives in another, or the
 * same, namespace.
 */
export function allowsNamespace(
  rule: ListenerNamespaces,
  own: string,
  namespace: string,
  namespaces: Find<Entry<object>>,
): boolean {
  if (rule.from === "All") return true;
  if (rule.from === "None") return false;
  if (rule.from === "Same") return own === namespace;
  // A selector that is not there selects nothing; an empty one selects everything.
  return rule.selector !== undefined && selects(rule.selector, labelsOf(namespaces, namespace));
}

/** Kubernetes label selection: all requirements hold. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const areEqual = [...selector.matchLabels].every(([key, value]) => labels.get(key) === value);
  return (
    areEqual &&
    selector.matchExpressions.every((requirement) =>
      holds(requirement, labels.get(requirement.key)),
    )
  );
}

// As in Kubernetes, NotIn also holds for a namespace that lacks the label.
function holds({ operator, values }: LabelRequirement, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
