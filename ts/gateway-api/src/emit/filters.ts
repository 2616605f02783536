/** Filters of the routing document: as written, but for mirrors, which name their service by key. */

import type { RoutingFilter } from "../document.js";
import type { FilterModel } from "../model/rule.js";

/**
 * A mirror whose target cannot be found is left out: copies are not owed to anybody, and the
 * traffic itself goes on. A filter of unknown type goes out with its type alone: the core then
 * answers 500 for the rule, as the Gateway API asks.
 */
export function emitFilters(filters: readonly FilterModel[]): {
  readonly filters?: readonly RoutingFilter[];
} {
  const emitted = filters.flatMap(emitFilter);
  return emitted.length === 0 ? {} : { filters: emitted };
}

function emitFilter({ filter, mirror }: FilterModel): RoutingFilter[] {
  if (filter.type === "unknown") return [{ type: filter.written }];
  if (filter.type !== "RequestMirror") return [filter];
  if (mirror?.target === undefined || mirror.target.tls === "refused") return [];
  const { percent, fraction } = filter.requestMirror;
  const share = {
    ...(percent === undefined ? {} : { percent }),
    ...(fraction === undefined ? {} : { fraction }),
  };
  return [{ type: "RequestMirror", requestMirror: { service: mirror.service, ...share } }];
}
