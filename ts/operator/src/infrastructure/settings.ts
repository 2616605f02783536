/** What an operator is told about data planes, once for all Gateways. */

export interface DataPlaneSettings {
  /** Image with chaperone and engine. */
  readonly image: string;
  /** Image with ghost-edge. */
  readonly edgeImage: string;
}
