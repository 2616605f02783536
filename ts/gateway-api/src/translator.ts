/**
 * The translation as something that lives: it takes changes in, judges what they touch, and gives
 * the whole result each time. What did not change is the very same object as before.
 */

import { compareDiagnostics, place } from "./diagnostics.js";
import type { Diagnostic, Finding } from "./diagnostics.js";
import type { EndpointsDocument, RoutesDocument, RoutingDocument } from "./document.js";
import { routingDocument, splitDocuments } from "./emit/document.js";
import { infrastructureOf } from "./emit/infrastructure.js";
import { IrEmitter } from "./emit/ir.js";
import { supportedFeatures } from "./features.js";
import type { Infrastructure, Ir } from "./ir.js";
import type { GatewayModel } from "./model/gateway.js";
import { isSameList } from "./model/judgements.js";
import { Modeller } from "./model/model.js";
import type { Model } from "./model/model.js";
import type { Changes } from "./model/store.js";
import { quote } from "./source.js";
import { ModelDiagnostics } from "./status/diagnose.js";
import { StatusWriter } from "./status/writer.js";
import type { ObjectStatus } from "./status/writer.js";

/** The name Ghost answers to in GatewayClasses, and signs route statuses with. */
export const defaultControllerName = "ghost-gateway.io/controller";

export interface TranslateOptions {
  /** Only Gateways whose GatewayClass names this controller count. Absent: every Gateway counts as ours. */
  readonly controllerName?: string;
  /**
   * `namespace/name` of the one Gateway to write IR and documents for. Absent: all of ours. Statuses
   * are always complete.
   */
  readonly gateway?: string;
  /**
   * Whether the objects are not all there are, as in a folder of manifests: a Secret or ConfigMap
   * that is not among them is then assumed to be good, not missed. Absent: false.
   */
  readonly isPartial?: boolean;
  /**
   * Whether Services of type ExternalName are backends. The Gateway API advises against it where
   * others than the operator may write Services: such a name reaches what no ReferenceGrant allows
   * (CVE-2021-25740). Absent: false.
   */
  readonly followsExternalNames?: boolean;
  /** Features that the data plane has, for GatewayClasses. Absent: all that the translation knows. */
  readonly features?: readonly string[];
}

/** What some Gateways come to. */
export interface GatewayTranslation {
  readonly ir: Ir;
  /** `ghost.json` with endpoints in it. */
  readonly document: RoutingDocument;
  /** The same in two, for data planes that get endpoints apart. */
  readonly documents: { readonly routes: RoutesDocument; readonly endpoints: EndpointsDocument };
}

/** The result. Until the next update `forGateway` answers for the same state. */
export interface Translation {
  readonly ir: Ir;
  readonly document: RoutingDocument;
  readonly infrastructure: readonly Infrastructure[];
  /** By kind, then by name. A condition `Programmed` is told only where it can never be true. */
  readonly statuses: readonly ObjectStatus[];
  /** Sorted by place. */
  readonly diagnostics: readonly Diagnostic[];
  /** IR and documents of one Gateway of ours alone; undefined when there is none of that name. */
  readonly forGateway: (key: string) => GatewayTranslation | undefined;
}

export interface Translator {
  /** Takes changes in, at one go. */
  update(changes: Changes): Translation;
  /**
   * The same in steps of about a millisecond: `pause` is awaited between them, and decides itself
   * whether it lets others run. One update at a time; a second one waits for the first.
   */
  updateInSteps(changes: Changes, pause: () => Promise<void> | undefined): Promise<Translation>;
}

/** A translator without objects. */
export function createTranslator(options: TranslateOptions = {}): Translator {
  return new IncrementalTranslator(options);
}

class IncrementalTranslator implements Translator {
  readonly #options: TranslateOptions;
  readonly #modeller: Modeller;
  readonly #emitter = new IrEmitter();
  readonly #statuses: StatusWriter;
  readonly #diagnostics = new ModelDiagnostics();
  readonly #emitters = new Map<string, IrEmitter>();
  #infrastructure: readonly Infrastructure[] = [];
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: TranslateOptions) {
    const { controllerName, isPartial = false, features = supportedFeatures } = options;
    const { followsExternalNames = false } = options;
    const ownName = controllerName ?? defaultControllerName;
    this.#options = options;
    this.#modeller = new Modeller({
      controllerName,
      ownName,
      isPartial,
      followsExternalNames,
    });
    this.#statuses = new StatusWriter(ownName, features.toSorted());
  }

  update(changes: Changes): Translation {
    const steps = this.#run(changes);
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  }

  async updateInSteps(
    changes: Changes,
    pause: () => Promise<void> | undefined,
  ): Promise<Translation> {
    const before = this.#running;
    const run = (async () => {
      await before;
      const steps = this.#run(changes);
      for (;;) {
        const step = steps.next();
        if (step.done === true) return step.value;
        const paused = pause();
        if (paused !== undefined) await paused;
      }
    })();
    this.#running = run.catch(() => undefined);
    return run;
  }

  *#run(changes: Changes): Generator<void, Translation> {
    const model = yield* this.#modeller.update(changes);
    const wanted = this.#options.gateway;
    const gateways = selectGateways(model, wanted);
    const ir = yield* this.#emitter.emit(model, gateways);
    const statuses = yield* this.#statuses.write(model);
    const found = yield* this.#diagnostics.write(model);
    const missing = gateways.length === 0 && wanted !== undefined ? [unknownGateway(wanted)] : [];
    for (const key of this.#emitters.keys())
      if (!model.gateways.has(key)) this.#emitters.delete(key);
    return {
      ir,
      document: routingDocument(ir),
      infrastructure: this.#keepInfrastructure([...model.gateways.values()]),
      statuses,
      diagnostics:
        missing.length === 0 ? found : [...found, ...missing].toSorted(compareDiagnostics),
      forGateway: (key) => this.#forGateway(model, key),
    };
  }

  #forGateway(model: Model, key: string): GatewayTranslation | undefined {
    const gateway = model.gateways.get(key);
    if (gateway === undefined) return undefined;
    const emitter = this.#emitters.get(key) ?? new IrEmitter();
    this.#emitters.set(key, emitter);
    const steps = emitter.emit(model, [gateway]);
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    const ir = step.value;
    const document = routingDocument(ir);
    return { ir, document, documents: splitDocuments(document, "endpoints.json") };
  }

  #keepInfrastructure(gateways: readonly GatewayModel[]): readonly Infrastructure[] {
    const known = new Map(this.#infrastructure.map((wanted) => [wanted.gateway, wanted]));
    const next = gateways.flatMap((gateway) => {
      const wanted = infrastructureOf(gateway);
      if (wanted === undefined) return [];
      const before = known.get(wanted.gateway);
      return [JSON.stringify(before) === JSON.stringify(wanted) ? (before ?? wanted) : wanted];
    });
    if (!isSameList(this.#infrastructure, next)) this.#infrastructure = next;
    return this.#infrastructure;
  }
}

function selectGateways(model: Model, wanted: string | undefined): GatewayModel[] {
  return [...model.gateways.values()].filter(({ key }) => wanted === undefined || key === wanted);
}

function unknownGateway(wanted: string): Diagnostic {
  const finding: Finding = {
    code: "unknownGateway",
    path: [],
    message: `There is no Gateway ${quote(wanted)} of ours.`,
  };
  return place(finding, { file: "", line: 0, column: 0 }, null);
}
